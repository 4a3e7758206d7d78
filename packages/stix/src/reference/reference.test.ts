import { expect, test } from "vitest";
import { mapReferences, namesIn, referencesOf } from "./reference.ts";

const id = (type: string, n: number) => `${type}--00000000-0000-4000-8000-00000000000${n}`;
const object = {
  type: "report",
  id: id("report", 1),
  created_by_ref: id("identity", 2),
  object_refs: [id("malware", 3), id("file", 4)],
  object_marking_refs: [id("marking-definition", 5)],
  granular_markings: [{ selectors: ["name"], marking_ref: id("marking-definition", 5) }],
  extensions: { "extension-definition--x": { deep: [{ more_refs: [id("url", 6)] }], note: "x" } },
  local_ref: "0",
  name: id("malware", 3),
};

test("finds identifiers at any depth, but neither markings nor local keys", () => {
  expect(referencesOf(object)).toEqual([
    { path: "/created_by_ref", id: id("identity", 2) },
    { path: "/object_refs/0", id: id("malware", 3) },
    { path: "/object_refs/1", id: id("file", 4) },
    { path: "/extensions/extension-definition--x/deep/0/more_refs/0", id: id("url", 6) },
    { path: "/name", id: id("malware", 3) },
  ]);
});

test("rewrites exactly what it finds, and leaves the original alone", () => {
  const before = structuredClone(object);
  const mapped = mapReferences(object, (ref) => ref.replace(/.$/, "9"));
  expect(object).toEqual(before);
  expect(referencesOf(mapped).map((reference) => reference.id)).toEqual([
    id("identity", 9),
    id("malware", 9),
    id("file", 9),
    id("url", 9),
    id("malware", 9),
  ]);
  expect(mapped.id).toBe(object.id);
  expect(mapped.object_marking_refs).toBe(object.object_marking_refs);
});

test("finds what is named where nothing should be named, and leaves it out", () => {
  const [one, two, three] = [id("url", 1), id("url", 2), id("url", 3)];
  const odd = {
    type: "x-odd",
    id: id("x-odd", 1),
    created_by_ref: one,
    x_refs: [{ y_ref: two }, [three]],
    x_ref: [one],
    x_dictionary: { [two]: 1, kept: 2 },
    external_references: [{ source_name: "s", external_id: three }],
    granular_markings: [
      { selectors: ["x_dictionary"], marking_ref: id("marking-definition", 5), x_y_ref: one },
    ],
  };
  expect(namesIn(odd).sort()).toEqual([one, two, three]);
  expect(JSON.stringify(mapReferences(odd, () => undefined))).not.toMatch(/url--/);
  expect(namesIn({ type: "note", id: id("note", 1), created_by_ref: id("identity", 1) })).toEqual([]);
});

test("shares what has no references", () => {
  const plain = { type: "note", id: id("note", 1), extensions: { a: { b: [1, { c: 2 }] } } };
  expect(mapReferences(plain, () => "never").extensions).toBe(plain.extensions);
});

test("leaves out what has no new name, and lists that lose everything", () => {
  const mapped = mapReferences(object, (ref) => (/[36]$/.test(ref) ? undefined : ref));
  expect(mapped.object_refs).toEqual([id("file", 4)]);
  expect(mapped.extensions).toEqual({ "extension-definition--x": { deep: [{}], note: "x" } });
  const none = mapReferences(object, () => undefined);
  expect(Object.keys(none)).not.toContain("object_refs");
  expect(Object.keys(none)).not.toContain("created_by_ref");
  expect(none.object_marking_refs).toBe(object.object_marking_refs);
});

test("granular markings follow what stays, and go with what they mark", () => {
  const marked = (...selectors: string[]) => ({ selectors, marking_ref: id("marking-definition", 5) });
  const report = {
    type: "report",
    id: id("report", 1),
    name: "a report",
    object_refs: [id("malware", 3), id("file", 4), id("url", 6)],
    granular_markings: [marked("object_refs.[0]"), marked("object_refs.[2]", "object_refs.[0]", "name")],
  };
  const mapped = mapReferences(report, (ref) => (ref.endsWith("3") ? undefined : ref));
  expect(mapped.granular_markings).toEqual([marked("object_refs.[1]", "name")]);
  const alone = { ...report, granular_markings: [marked("object_refs.[0]")] };
  expect(mapReferences(alone, (ref) => (ref.endsWith("3") ? undefined : ref))).not.toHaveProperty(
    "granular_markings",
  );
});
