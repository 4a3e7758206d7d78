import { describe, expect, it } from "vitest";
import { outsideReferences, planRelease } from "./plan-release.ts";
import type { StagedShape } from "./store/staged.ts";

function shape(ordinal: number, stix_id: string, more: Partial<StagedShape> = {}): StagedShape {
  return {
    ordinal,
    record: ordinal,
    stix_id,
    own_tlp: null,
    own_pap: null,
    contains: null,
    refs: null,
    local: null,
    ...more,
  };
}

describe("planRelease", () => {
  it("marks children that were read before their container", () => {
    const plan = planRelease(
      [
        shape(0, "indicator--1", { own_tlp: "green" }),
        shape(1, "report--1", { own_tlp: "amber+strict", contains: ["child"], local: "r" }),
        shape(2, "indicator--2", { local: "child", own_tlp: "clear" }),
      ],
      [],
      {},
    );
    expect(plan.markings.get("indicator--1")?.tlp).toBe("green");
    expect(plan.markings.get("indicator--2")?.tlp).toBe("amber+strict");
  });

  it("gives a relationship the stricter of its ends, stored ones included", () => {
    const relationship = shape(0, "relationship--1", {
      own_tlp: "clear",
      refs: ["indicator--here", "malware--stored"],
    });
    const here = shape(1, "indicator--here", { own_tlp: "green" });
    expect(outsideReferences([relationship, here])).toEqual(["malware--stored"]);
    const plan = planRelease([relationship, here], [{ stix_id: "malware--stored", tlp: "amber" }], {});
    expect(plan.markings.get("relationship--1")?.tlp).toBe("amber");
    expect(plan.markings.get("indicator--here")?.tlp).toBe("green");
  });

  it("releases the referenced before the referring", () => {
    const ids = [
      "report--1",
      "relationship--1",
      "indicator--1",
      "domain-name--1",
      "identity--1",
      "network-traffic--1",
      "observed-data--1",
    ];
    const plan = planRelease(
      ids.map((id, ordinal) => shape(ordinal, id)),
      [],
      { tlp: "green" },
    );
    expect(plan.order.map((ordinal) => ids[ordinal])).toEqual([
      "identity--1",
      "domain-name--1",
      "network-traffic--1",
      "indicator--1",
      "observed-data--1",
      "relationship--1",
      "report--1",
    ]);
  });

  it("lets the submission's marking tighten and never loosen", () => {
    const plan = planRelease([shape(0, "indicator--1", { own_tlp: "amber" }), shape(1, "indicator--2")], [], {
      tlp: "green",
    });
    expect(plan.markings.get("indicator--1")?.tlp).toBe("amber");
    expect(plan.markings.get("indicator--2")?.tlp).toBe("green");
  });
});
