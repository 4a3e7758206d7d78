import {
  canonicalJson,
  compareTimestamps,
  contentOf,
  isObservable,
  isTimestamp,
  parseStixObject,
  type StixObject,
  scoId,
} from "@suar/stix";
import fc from "fast-check";
import { expect, test } from "vitest";
import { objectsIn } from "../support/json-places.ts";
import { goldenObjects } from "../support/stix-files.ts";
import { readPropertyTable } from "./property-table.ts";

const OBJECTS = [...goldenObjects().values()].filter(({ type }) => type !== "bundle");
const anyObject = fc.constantFrom(...OBJECTS);

/** Without `undefined`, without minus zero, and with well-formed text: what JSON can say. */
const anyJson = fc
  .jsonValue({ maxDepth: 4, stringUnit: "binary" })
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown);

/** Without the keys that are never accepted, since they could reach a prototype. */
const anyAcceptable = anyJson.filter(
  (value) => !/"(?:__proto__|prototype|constructor)":/.test(JSON.stringify(value)),
);

/** The same value with the keys of every object in another order. */
function shuffled(value: unknown, order: (keys: string[]) => string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, order));
  if (typeof value !== "object" || value === null) return value;
  const members = value as Record<string, unknown>;
  return Object.fromEntries(order(Object.keys(members)).map((key) => [key, shuffled(members[key], order)]));
}

const anyOrder = fc.infiniteStream(fc.nat()).map((chance) => (keys: string[]) => {
  const places = new Map(keys.map((key) => [key, chance.next().value ?? 0]));
  return keys.toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
});

/** Some optional properties gone, as long as what is left is still valid. */
const anyPart = fc
  .tuple(anyObject, fc.infiniteStream(fc.boolean()))
  .map(([object, keep]) =>
    Object.fromEntries(Object.entries(object).filter(() => keep.next().value === true)),
  )
  .filter((part): part is StixObject => parseStixObject(part).ok);

test("parsing what was serialized gives the same, whatever it holds", () => {
  fc.assert(
    fc.property(fc.oneof(anyPart, anyObject), (object) => {
      const parsed = parseStixObject(JSON.parse(JSON.stringify(object)));
      expect(parsed.ok && JSON.stringify(parsed.object)).toBe(JSON.stringify(object));
      const canonical = canonicalJson(object);
      expect(canonicalJson(JSON.parse(canonical))).toBe(canonical);
    }),
  );
});

/** Keys of these say what their values are, so that nothing can be put beside them. */
const DICTIONARIES: ReadonlySet<string> = new Set([
  "extensions",
  "contents",
  ...readPropertyTable().flatMap(({ rows }) =>
    rows.filter(({ kind }) => kind === "hashes" || kind === "dictionary").map(({ name }) => name),
  ),
]);

/** What may stand beside an object's own properties: something, not nothing (§2.3, §2.12). */
const anySomething = anyAcceptable.filter((value) => typeof value !== "object" || hasKeys(value ?? {}));

function hasKeys(value: object): boolean {
  return Object.keys(value).length > 0;
}

test("a property that nobody knows survives anywhere, with any value", () => {
  fc.assert(
    fc.property(anyObject, fc.nat(), anySomething, (object, place, value) => {
      const changed = structuredClone(object);
      const places = [...objectsIn(changed)].filter(({ keys }) => !keys.some((key) => DICTIONARIES.has(key)));
      const { node } = places[place % places.length] ?? { node: changed };
      node.x_nobody_knows = value;
      const before = canonicalJson(changed);
      const parsed = parseStixObject(changed);
      expect(parsed.ok ? canonicalJson(parsed.object) : parsed.issues).toBe(before);
    }),
    { numRuns: 500 },
  );
});

test("an extension that nobody knows survives, with any value", () => {
  const id = "extension-definition--00000000-0000-4000-8000-000000000000";
  fc.assert(
    fc.property(
      anyObject,
      fc.dictionary(fc.stringMatching(/^[a-z]{1,9}_x$/), anyAcceptable),
      (object, value) => {
        fc.pre(object.type !== "extension-definition" && !("extension_type" in value));
        const extension = { ...value, extension_type: "property-extension" };
        const extensions = { ...(object.extensions as object | undefined), [id]: extension };
        const parsed = parseStixObject({ ...object, extensions });
        expect(parsed.ok ? canonicalJson(parsed.object.extensions) : parsed.issues).toBe(
          canonicalJson(extensions),
        );
      },
    ),
  );
});

test("the order of keys changes neither verdict nor id nor content", () => {
  fc.assert(
    fc.property(anyObject, anyOrder, (object, order) => {
      const other = shuffled(object, order) as StixObject;
      expect(parseStixObject(other).ok).toBe(true);
      expect(contentOf(other)).toBe(contentOf(object));
      if (isObservable(object.type) && object.type !== "process") expect(scoId(other)).toBe(object.id);
    }),
    { numRuns: 300 },
  );
});

const anyFraction = fc.stringMatching(/^\d{0,40}$/);
const withFraction = (fraction: string) => `2026-03-05T07:08:09${fraction === "" ? "" : `.${fraction}`}Z`;

/** §3.2: at least three decimals; §7.1.1 asks for an exact match with one of these. */
const MILLISECONDS: ReadonlySet<string> = new Set(["created", "modified", "object_modified"]);

test("a timestamp of any precision keeps its text, and is compared as the instant it is", () => {
  const timestamps = OBJECTS.flatMap((object) =>
    Object.keys(object)
      .filter((name) => typeof object[name] === "string" && isTimestamp(object[name]))
      .map((name) => ({ object, name })),
  );
  fc.assert(
    fc.property(fc.constantFrom(...timestamps), anyFraction, ({ object, name }, fraction) => {
      const text = withFraction(fraction);
      const parsed = parseStixObject({ ...object, [name]: text });
      // Times are bound to one another; the text of one that is not refused for that stays.
      const own = parsed.ok
        ? []
        : parsed.issues.filter(({ path, code }) => path === `/${name}` && code !== "order");
      expect(own).toHaveLength(MILLISECONDS.has(name) && fraction.length < 3 ? 1 : 0);
      if (parsed.ok) expect(parsed.object[name]).toBe(text);
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(anyFraction, anyFraction, (a, b) => {
      const [left, right] = [a, b].map((digits) => BigInt(digits.padEnd(40, "0")));
      const expected = left === right ? 0 : (left ?? 0n) < (right ?? 0n) ? -1 : 1;
      expect(Math.sign(compareTimestamps(withFraction(a), withFraction(b)))).toBe(expected);
    }),
  );
});

test("canonical JSON is one text for one value", () => {
  fc.assert(
    fc.property(anyJson, anyOrder, (value, order) => {
      const text = canonicalJson(value);
      expect(canonicalJson(shuffled(value, order))).toBe(text);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(value);
    }),
  );
});
