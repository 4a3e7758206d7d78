import { typeOfId } from "@suar/stix";
import type { SubmissionOptions } from "@suar/submit";
import { describe, expect, it } from "vitest";
import { phaseOf } from "../release/release-order.ts";
import { refusedShape, type StagedShape } from "../stage/staged-item.ts";
import { JoinedNames, SaidNames } from "./joined-names.ts";
import { markPortion, namesOthers, planRelease, type Stated } from "./plan-release.ts";
import { type StoredMarking, tellWider } from "./wider-contents.ts";

const NOBODYS = { names: new Set<string>(), named: new Set<string>(), attackers: new Set<string>() };

function shape(id: string, more: Partial<StagedShape> = {}): StagedShape {
  return { id, contains: [], refs: [], ...more };
}

/** Something of each, as far as it is released. */
function pagesOf(shapes: readonly StagedShape[]) {
  const objects = shapes.flatMap(({ id, refused }) => (refused ? [] : [{ type: typeOfId(id), id }]));
  return () => [objects.map((object) => ({ object, keys: [] }))];
}

const plan = async (
  shapes: readonly StagedShape[],
  stored: readonly StoredMarking[] = [],
  options: Partial<SubmissionOptions> = {},
  others: Pick<Stated, "joined"> = {},
) =>
  await planRelease(
    shapes,
    pagesOf(shapes),
    { to: [], ...options },
    {
      ...others,
      markings: async () => stored,
      victims: async () => NOBODYS,
      readers: async (items, refused) =>
        new Map([...items.map(({ id }) => id), ...refused].map((id) => [id, []])),
    },
  );

describe("namesOthers", () => {
  it("tells whether anything is named that the submission does not hold, by id or by its own names", () => {
    const here = shape("malware--1", { local: "m" });
    expect(namesOthers([here, shape("report--1", { refs: ["m", "malware--1"] })])).toBe(false);
    expect(namesOthers([here, shape("report--1", { refs: ["m", "malware--2"] })])).toBe(true);
  });
});

describe("what its submitter holds already", () => {
  it("is named on by what is new, with the marking under which it stands", async () => {
    const held = refusedShape({ id: "ipv4-addr--1", local: "a", marking: { tlp: "green" }, held: true });
    const tie = shape("relationship--1", { tlp: "green", refs: ["a", "malware--1"] });
    const stored = { stix_id: "ipv4-addr--1", tlp: "amber", own: true } as const;
    const { ids, markings } = await plan([held, tie, shape("malware--1", { tlp: "green" })], [stored]);
    expect(ids.get("a")).toBe("ipv4-addr--1");
    expect(markings.get("relationship--1")).toEqual({ tlp: "amber" });
  });
});

describe("markPortion", () => {
  it("takes what was stated before of what the portion names, so that it holds in the other portions too", async () => {
    const tie = shape("relationship--1", { tlp: "green", refs: ["malware--1", "tool--1"] });
    const stored = { stix_id: "tool--1", tlp: "amber+strict", own: true } as const;
    const asked: string[] = [];
    const marked = await markPortion(
      [tie, shape("malware--1", { tlp: "green" })],
      { to: [] },
      {
        markings: async (ids) => {
          asked.push(...ids);
          return [stored];
        },
        joined: async () => new JoinedNames([]),
      },
    );
    expect(asked).toEqual(["tool--1"]);
    expect(marked.markings.get("relationship--1")).toEqual({ tlp: "amber+strict" });
    expect(marked.markings.get("malware--1")).toEqual({ tlp: "green" });
    expect(marked.stored).toEqual([stored]);
  });
});

/** What other portions say, in whatever names are asked for. */
function joinedBy(say: (said: SaidNames) => void): Pick<Stated, "joined"> {
  const said = new SaidNames();
  say(said);
  return { joined: async () => new JoinedNames(said.rows) };
}

describe("planRelease of a portion", () => {
  const [address, mail] = ["ipv4-addr--1", "email-addr--1"];

  it("holds to the strictest marking that any portion gives an id, and what that marks in turn", async () => {
    const shapes = [
      shape("report--1", { tlp: "green", contains: ["i"], refs: ["i"] }),
      shape("indicator--1", { tlp: "clear", local: "i" }),
      shape("relationship--1", { tlp: "green", refs: ["i", "malware--far"] }),
    ];
    const others = joinedBy((said) => {
      said.mark("report--1", { tlp: "amber", pap: "red" });
      said.mark("report--1", { tlp: "clear" });
      said.mark("malware--far", { tlp: "amber+strict" });
    });
    const { markings } = await plan(shapes, [], {}, others);
    expect(markings.get("report--1")).toEqual({ tlp: "amber", pap: "red" });
    expect(markings.get("indicator--1")).toEqual({ tlp: "amber", pap: "red" });
    expect(markings.get("relationship--1")?.tlp).toBe("amber+strict");
  });

  it("takes nothing under an id that another says under a marking that is not known", async () => {
    const others = joinedBy((said) => said.markUnknown(address));
    const { isUnknown } = await plan([shape(address, { tlp: "clear" })], [], {}, others);
    expect([isUnknown(address), isUnknown("ipv4-addr--2")]).toEqual([true, false]);
  });

  it("knows whom another calls a victim, but not whom it only takes for one", async () => {
    const others = joinedBy((said) =>
      said.addVictims({ ...NOBODYS, names: new Set([address, mail]), named: new Set([address]) }),
    );
    const { victims } = await plan([shape(address, { tlp: "clear" }), shape(mail)], [], {}, others);
    expect([...(victims?.names ?? [])]).toEqual([address]);
    expect([...(victims?.named ?? [])]).toEqual([address]);
  });

  it("gives a name that an earlier portion states its id, and refuses nothing for it", async () => {
    const earlier = shape("incident--1", { local: "report", earlier: true });
    const shapes = [shape("relationship--1", { tlp: "clear", refs: ["report"] }), earlier];
    const { ids, readers } = await plan(
      shapes,
      [],
      {},
      joinedBy(() => undefined),
    );
    expect(ids.get("report")).toBe("incident--1");
    expect(readers?.has("incident--1")).toBe(false);
    expect(namesOthers(shapes)).toBe(false);
  });
});

describe("planRelease", () => {
  it("marks children of what was refused, or is held already; only the refused is secret", async () => {
    const refused = refusedShape({ id: "report--1", marking: { tlp: "red" }, contains: ["indicator--1"] });
    const marking = { tlp: "amber" } as const;
    const held = refusedShape({ id: "report--2", marking, contains: ["indicator--2"], held: true });
    const children = [shape("indicator--1", { tlp: "green" }), shape("indicator--2")];
    const { markings, readers } = await plan([refused, held, ...children], [], { tlp: "clear" });
    expect(markings.get("indicator--1")?.tlp).toBe("red");
    expect(markings.get("indicator--2")?.tlp).toBe("amber");
    expect(readers?.has("report--1")).toBe(true);
    expect(readers?.has("report--2")).toBe(false);
  });

  it("marks children that were read before their container", async () => {
    const { markings } = await plan([
      shape("indicator--1", { tlp: "green" }),
      shape("report--1", { tlp: "amber+strict", contains: ["child"], local: "r" }),
      shape("indicator--2", { local: "child", tlp: "clear" }),
    ]);
    expect(markings.get("indicator--1")?.tlp).toBe("green");
    expect(markings.get("indicator--2")?.tlp).toBe("amber+strict");
  });

  it("gives a relationship the stricter of its ends, stored ones included", async () => {
    const relationship = shape("relationship--1", {
      tlp: "clear",
      refs: ["indicator--here", "malware--stored"],
    });
    const here = shape("indicator--here", { tlp: "green" });
    const { markings } = await plan(
      [relationship, here],
      [{ stix_id: "malware--stored", tlp: "amber", own: true }],
    );
    expect(markings.get("relationship--1")?.tlp).toBe("amber");
    expect(markings.get("indicator--here")?.tlp).toBe("green");
  });

  it("finds what a container holds that its producer released wider before, and marks nothing by it", async () => {
    const contains = ["indicator--green", "indicator--amber", "indicator--others", "r", "indicator--nowhere"];
    const shapes = [
      shape("report--1", { tlp: "amber", contains }),
      shape("report--2", { tlp: "clear", contains }),
      shape("malware--1", { local: "r", tlp: "clear" }),
    ];
    const stored = [
      { stix_id: "indicator--green", tlp: "green", own: true },
      { stix_id: "indicator--amber", tlp: "amber", own: true },
      { stix_id: "indicator--others", tlp: "clear", own: false },
    ] as const;
    const { wider, markings } = await plan(shapes, stored);
    expect([...wider]).toEqual([["report--1", [stored[0]]]]);
    expect(markings.get("indicator--green")).toBe(undefined);
    expect(tellWider(wider.get("report--1"))).toMatchObject({
      code: "contents-wider",
      reason: expect.stringContaining("indicator--green (green)"),
    });
    expect(tellWider(wider.get("report--2"))).toBe(undefined);
  });

  it("counts what a long list leaves out", () => {
    const many = Array.from({ length: 23 }, (_, n) => ({
      stix_id: `indicator--${n}`,
      tlp: "clear" as const,
      own: true,
    }));
    expect(tellWider(many)?.reason).toMatch(/indicator--19 \(clear\) and 3 more$/);
  });

  it("tells what is for whom under its final name, and that what is RED, unmarked or rejected is refused", async () => {
    const asked: unknown[] = [];
    const shapes = [
      shape("report--1", { tlp: "green", refs: ["r"], to: ["TH"] }),
      shape("note--1", { tlp: "amber", local: "r" }),
      shape("file--1", { tlp: "red" }),
      shape("file--2"),
      refusedShape({ id: "file--3" }),
    ];
    const stated: Stated = {
      markings: async () => [],
      victims: async () => NOBODYS,
      readers: async (...all) => {
        asked.push(...all);
        return new Map();
      },
    };
    await planRelease(shapes, pagesOf(shapes), { to: ["MY"] }, stated);
    const facts = (type: string) => ({ type, contentClass: "advisory", findings: [] });
    expect(asked).toEqual([
      [
        { id: "report--1", facts: facts("report"), tlp: "green", to: ["MY", "TH"], names: ["note--1"] },
        { id: "note--1", facts: facts("note"), tlp: "amber", to: ["MY"], names: [] },
      ],
      ["file--1", "file--2", "file--3"],
    ]);
  });

  it("releases the referenced before the referring", () => {
    const ids = [
      "note--1",
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
      "note--1",
    ]);
  });

  it("lets the submission's marking tighten and never loosen", async () => {
    const shapes = [shape("indicator--1", { tlp: "amber" }), shape("indicator--2")];
    const { markings } = await plan(shapes, [], { tlp: "green" });
    expect(markings.get("indicator--1")?.tlp).toBe("amber");
    expect(markings.get("indicator--2")?.tlp).toBe("green");
  });
});
