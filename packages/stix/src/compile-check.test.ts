import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { compileCheck } from "./compile-check.ts";
import { OBJECT_TYPES } from "./object-types.ts";
import { sample } from "./testing/objects.ts";

/** Values that are near to what properties hold. */
const anyMember = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    0,
    101,
    1.5,
    -1,
    2 ** 60,
    "",
    "text",
    "2.1",
    "2026-03-05T00:00:00Z",
    "2026-03-05T00:00:00.000Z",
    "file--00000000-0000-4000-8000-000000000000",
    [],
    ["text"],
    ["file--00000000-0000-4000-8000-000000000000"],
    {},
    { MD5: "d41d8cd98f00b204e9800998ecf8427e" },
    { "archive-ext": {} },
    { "extension-definition--1": { extension_type: "x" } },
    [{ source_name: "x", url: "https://a.example/" }],
    [{ selectors: ["name"], lang: "en" }],
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

test.each([...OBJECT_TYPES.values()])(
  "the check of $type says what its schema says",
  ({ type, schema, accepts }) => {
    const properties = Object.keys((schema as z.ZodObject).shape);
    const changes = fc.dictionary(fc.constantFrom(...properties, "x_other"), anyMember, { maxKeys: 3 });
    fc.assert(
      fc.property(changes, (changed) => {
        const object = { ...sample(type), ...changed };
        expect(accepts(object)).toBe(schema.safeParse(object).success);
      }),
      { numRuns: 200 },
    );
  },
);

test("what is no plain object is left to the schema", () => {
  const check = compileCheck(z.looseObject({ a: z.string().optional() }));
  expect([{}, { a: "x", b: 1 }].map(check)).toEqual([true, true]);
  expect([[], null, "x", new Date(), { a: 1 }].map(check)).toEqual([false, false, false, false, false]);
});

test("a kind of schema that is not known is refused when it is compiled", () => {
  expect(() => compileCheck(z.object({ at: z.date() }))).toThrow("kind date");
});
