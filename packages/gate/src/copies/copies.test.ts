import { joinOutcomes } from "@suar/policy";
import { namesIn, parseStixObject, type StixObject } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { groupReaders } from "./copies.ts";
import { makeCopy } from "./make-copy.ts";
import { type Copy, type Sight, Sights } from "./sights.ts";

const id = (type: string, n: number) => `${type}--00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const times = { created: "2026-01-01T00:00:00.000Z", modified: "2026-01-01T00:00:00.000Z" };
const PRODUCER = 1;

function report(...refs: string[]): StixObject {
  const said = { name: "r", published: "2026-01-01T00:00:00Z", object_refs: refs };
  return { type: "report", spec_version: "2.1", id: id("report", 0), ...times, ...said };
}

function sights(of: Record<string, Copy[]>): Sights {
  return new Sights(
    new Map(Object.entries(of).map(([key, copies]): [string, Sight] => [key, { own: true, copies }])),
  );
}

const outcome = joinOutcomes();
const keys = {
  redaction: { hmac: (text: string) => text, cryptopan: (ip: string) => ip },
  author: id("identity", 1),
};

type Renames = ReadonlyMap<string, string | undefined>;

function groupsOf(object: StixObject, readers: number[], known: Sights) {
  const ruled = [{ readers, outcome }];
  const groups = groupReaders({ object, names: namesIn(object), ruled, victims: undefined }, known, {
    producer: PRODUCER,
    keys,
  });
  return groups.map((group) => ({ readers: group.readers, renames: group.view?.renames }));
}

const without = (object: StixObject, renames: Renames) =>
  makeCopy(object, { redactions: [], renames, outcome, victims: undefined }, keys);
const [a, b, c] = [id("file", 1), id("url", 2), id("malware", 3)];

describe("the readers of an object", () => {
  it("are one group where all may know of all that it names", () => {
    const readers = [1, 2, 3];
    const known = sights({ [a]: [{ id: a, readers: [1, 2, 3, 4] }], [b]: [{ id: b, readers }] });
    expect(groupsOf(report(a, b, c), readers, known)).toEqual([{ readers, renames: undefined }]);
  });

  it("are parted by what they may know of, and under which id", () => {
    const known = sights({
      [a]: [{ id: a, readers: [1, 2] }],
      [b]: [
        { id: b, readers: [1, 2, 3] },
        { id: id("url", 9), readers: [4] },
      ],
    });
    expect(groupsOf(report(a, b, c), [1, 2, 3, 4, 5], known)).toEqual([
      { readers: [1, 2], renames: undefined },
      { readers: [3], renames: new Map([[a, undefined]]) },
      {
        readers: [4],
        renames: new Map([
          [a, undefined],
          [b, id("url", 9)],
        ]),
      },
      {
        readers: [5],
        renames: new Map([
          [a, undefined],
          [b, undefined],
        ]),
      },
    ]);
  });

  it("have the producer among them whole, and not those to whom nothing would be said", () => {
    const known = sights({ [a]: [{ id: a, readers: [2] }] });
    const note = {
      ...report(a),
      type: "note",
      id: id("note", 1),
      content: "c",
      name: undefined,
      published: undefined,
    };
    expect(groupsOf(JSON.parse(JSON.stringify(note)), [1, 2, 3], known)).toEqual([
      { readers: [1, 2], renames: undefined },
    ]);
  });

  it("get at most sixteen different copies; the rest share what they have in common", () => {
    const readers = Array.from({ length: 40 }, (_, n) => n + 1);
    const named = readers.map((n) => id("file", n));
    const known = sights(
      Object.fromEntries(
        readers.map((n) => [id("file", n), [{ id: id("file", n), readers: [PRODUCER, n] }]]),
      ),
    );
    const groups = groupsOf(report(...named, c), readers, known);
    expect(groups).toHaveLength(17);
    expect(groups.flatMap((group) => group.readers).sort((x, y) => x - y)).toEqual(readers);
    for (const group of groups.slice(1)) {
      const copy = without(report(...named, c), group.renames ?? new Map()) as StixObject;
      for (const name of namesIn(copy).filter((ref) => ref !== c))
        for (const reader of group.readers) expect(name).toBe(id("file", reader));
    }
  });
});

describe("a redacted copy", () => {
  it("is valid, and the same otherwise", () => {
    const original = report(a, b);
    const copy = without(original, new Map([[a, undefined]]));
    expect(copy).toEqual({ ...original, object_refs: [b] });
    expect(parseStixObject(copy).ok).toBe(true);
  });

  it("is none where STIX needs what is left out", () => {
    const tie = { type: "relationship", spec_version: "2.1", id: id("relationship", 1), ...times };
    const object = { ...tie, relationship_type: "uses", source_ref: a, target_ref: b };
    expect(without(object, new Map([[a, undefined]]))).toBeUndefined();
  });
});
