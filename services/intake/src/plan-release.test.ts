import { describe, expect, it } from "vitest";
import { outsideReferences, planRelease } from "./plan-release.ts";
import { phaseOf, type StagedShape } from "./staged-item.ts";

function shape(id: string, more: Partial<StagedShape> = {}): StagedShape {
  return { id, contains: [], refs: [], ...more };
}

describe("planRelease", () => {
  it("marks children that were read before their container", () => {
    const plan = planRelease(
      [
        shape("indicator--1", { tlp: "green" }),
        shape("report--1", { tlp: "amber+strict", contains: ["child"], local: "r" }),
        shape("indicator--2", { local: "child", tlp: "clear" }),
      ],
      [],
      {},
    );
    expect(plan.markings.get("indicator--1")?.tlp).toBe("green");
    expect(plan.markings.get("indicator--2")?.tlp).toBe("amber+strict");
  });

  it("gives a relationship the stricter of its ends, stored ones included", () => {
    const relationship = shape("relationship--1", {
      tlp: "clear",
      refs: ["indicator--here", "malware--stored"],
    });
    const here = shape("indicator--here", { tlp: "green" });
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
    expect(ids.toSorted((a, b) => phaseOf(a) - phaseOf(b))).toEqual([
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
    const plan = planRelease([shape("indicator--1", { tlp: "amber" }), shape("indicator--2")], [], {
      tlp: "green",
    });
    expect(plan.markings.get("indicator--1")?.tlp).toBe("amber");
    expect(plan.markings.get("indicator--2")?.tlp).toBe("green");
  });
});
