import * as stix from "@suar/stix";
import {
  canonicalJson,
  isObservable,
  parseBundle,
  parseStixObject,
  type StixObject,
  scoId,
} from "@suar/stix";
import { describe, expect, test } from "vitest";
import { goldenObjects } from "../support/stix-files.ts";
import { readPropertyTable } from "./property-table.ts";
import { type Refusal, refusalsOf, withChange } from "./refusals.ts";

const golden = goldenObjects();
const blocks = readPropertyTable();

const parse = (object: StixObject) =>
  object.type === "bundle" ? parseBundle(object) : parseStixObject(object);

test("there is a golden file of every type, of every predefined extension and of the incident suite", () => {
  const types = new Set([...golden.values()].map(({ type }) => type));
  expect(types.size).toBe(19 + 2 + 18 + 3 + 1 + 3);
  expect([...golden.keys()].filter((name) => name.endsWith("-ext"))).toHaveLength(12);
  expect(blocks.filter(({ at }) => at === "")).toHaveLength(19 + 2 + 18 + 3 + 3);
});

describe.each([...golden])("%s", (_, object) => {
  test("comes out byte for byte as it went in, in canonical form", () => {
    const before = canonicalJson(object);
    const parsed = parse(object);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    const after = "bundle" in parsed ? parsed.bundle : parsed.object;
    expect(canonicalJson(after)).toBe(before);
    expect(after).toBe(object);
    expect(canonicalJson(JSON.parse(before))).toBe(before);
  });
});

test.each([...golden].filter(([, { type }]) => isObservable(type) && type !== "process"))(
  "%s bears the id of its values",
  (_, object) => {
    expect(scoId(object)).toBe(object.id);
  },
);

// What the table says and what the schemas say are written down apart: each must have all that the other has.
test.each(blocks.filter(({ at }) => at === ""))(
  "the schema of $name names the table's properties",
  (block) => {
    const name = `Stix${block.name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase())}`;
    const schema = (stix as unknown as Record<string, { shape: object }>)[name];
    const rows = block.rows.map((row) => row.name);
    expect(Object.keys(schema?.shape ?? {}).sort()).toEqual(rows.sort());
  },
);

test.each(blocks)("the golden $name holds the table's properties", ({ file, at, rows }) => {
  let held: unknown = golden.get(file);
  for (const key of at.split("/").slice(1)) held = (held as Record<string, unknown>)[key];
  const missing = rows.map(({ name }) => name).filter((name) => !Object.hasOwn(held as object, name));
  const isLeftOut = (name: string) =>
    LEFT_OUT.has(`${file}${at}/${name}`) || (name === "extensions" && isObservable(file));
  expect(missing.filter((name) => !isLeftOut(name))).toEqual([]);
});

/** What cannot stand beside other properties, or would change what the golden object is there to show. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "artifact/url",
  "observed-data/objects",
  "email-message/body",
  "email-message/body_multipart/0/body_raw_ref",
  "campaign/granular_markings/0/lang",
]);

test.each(blocks)("$name is refused for each property that is missing or wrong", (block) => {
  const passed = refusalsOf(block).filter((refusal) => !isRefused(golden.get(block.file), refusal));
  expect(passed.map(({ what }) => `${block.name}: ${what}`).filter((one) => !OPAQUE.has(one))).toEqual([]);
});

/** A criticality in words is an older draft's: such an extension is nobody's to judge. */
const OPAQUE: ReadonlySet<string> = new Set(['incident-core: criticality is "1"']);

/** Whether every issue there names the section, and one of them has a right code. */
function isRefused(object: unknown, { path, value, section, codes }: Refusal): boolean {
  const parsed = parseStixObject(withChange(object, path, value));
  if (parsed.ok) return false;
  // Without its extension, a type that only an extension defines is none.
  if (path === "/extensions" && parsed.issues[0]?.code === "unknown-type") return true;
  const issues = parsed.issues.filter((issue) => `${issue.path}/`.startsWith(`${path}/`));
  return (
    issues.every((issue) => issue.section === section) && issues.some(({ code }) => codes.includes(code))
  );
}
