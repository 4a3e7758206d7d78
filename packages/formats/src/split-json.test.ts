import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JsonItem, splitJson } from "./split-json.ts";

const LIMITS = { maxBytes: 1_000_000, maxDepth: 50 };

async function split(input: string | Uint8Array, step = 7, more: object = {}): Promise<JsonItem[]> {
  const bytes = Buffer.from(input);
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes.length; from += step) yield bytes.subarray(from, from + step);
  };
  const items: JsonItem[] = [];
  for await (const item of splitJson(chunks(), { ...LIMITS, ...more })) items.push(item);
  return items;
}

const placed = (items: readonly JsonItem[]): [string, unknown][] => items.map(({ at, value }) => [at, value]);

/** Keys that no input may have; fast-check thinks of them, too. */
const REFUSED = /"(?:__proto__|prototype|constructor)":/;

describe("splitJson", () => {
  it("yields what JSON.parse would, of a list, a list under response, and lines, however it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 6 })
          .filter((members) => !REFUSED.test(JSON.stringify(members))),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(0, 1, 2),
        async (members, step, indent) => {
          const list = JSON.stringify(members, undefined, indent);
          const plain: unknown = JSON.parse(list);
          expect((await split(list, step)).map(({ value }) => value)).toEqual(plain);
          const wrapped = ` {"response" : ${list}, "errors": [{"a": "]"}] }\n`;
          expect((await split(wrapped, step)).map(({ value }) => value)).toEqual(plain);
          const records = members.filter(
            (one) => typeof one === "object" && one !== null && !Array.isArray(one),
          );
          const lines = records.map((one) => JSON.stringify(one)).join("\n");
          if (records.length === 0) return;
          const isList = lines.startsWith('{"response":[');
          if (!isList)
            expect((await split(lines, step)).map(({ value }) => value)).toEqual(
              JSON.parse(JSON.stringify(records)),
            );
        },
      ),
      { numRuns: 200 },
    );
  });

  it("names the place of each item", async () => {
    expect(placed(await split('[{"a":1}, 2]'))).toEqual([
      ["/0", { a: 1 }],
      ["/1", 2],
    ]);
    expect(placed(await split('{"response":[{"a":1}]}'))).toEqual([["/response/0", { a: 1 }]]);
    expect(placed(await split('{"a":1}\n{"b":2}'))).toEqual([
      ["", { a: 1 }],
      ["#2", { b: 2 }],
    ]);
    expect(placed(await split("\ufeff{}"))).toEqual([["", {}]]);
  });

  it.each([
    ["a list that is cut off", '[\n{"a":1},\n{"b"', "line 3, column 5"],
    ["a list that is not closed", '[{"a":1}', "line 1, column 9"],
    ["a list without a comma", '[{"a":1}\n{"b":2}]', "line 2, column 1"],
    ["a list with two", '[{"a":1},,{"b":2}]', "line 1, column 10"],
    ["a list that ends in one", '[{"a":1},]', "line 1, column 10"],
    ["a broken member", '[{"a":1},\n\n  {"b":x}]', "line 3, column 8"],
    ["an object that is not closed behind its list", '{"response":[{}], "a"', undefined],
    ["what is no JSON", "hello", "line 1, column 1"],
  ])("says where it is broken: %s", async (_name, text, at) => {
    const error = expect.objectContaining({ code: "malformed-json", ...(at && { at }) });
    for (const step of [1, 1_000]) await expect(split(text, step)).rejects.toEqual(error);
  });

  it.each([
    ["UTF-16", Buffer.from("\ufeff[1]", "utf16le"), "malformed-utf8"],
    ["Latin-1", Buffer.from('[{"a":"\u00e9"}]', "latin1"), "malformed-utf8"],
    ["nothing", "", "empty"],
    ["white space", " \n", "empty"],
    ["depth", "[".repeat(100_000), "too-deep"],
    ["a key that is never allowed", '[{"__proto__":{}}]', "forbidden-key"],
    ["a member that is too long", `["${"a".repeat(1_000_001)}"]`, "too-large"],
  ])("refuses %s", async (_name, input, code) => {
    await expect(split(input, 10_000)).rejects.toMatchObject({ code });
  });

  it("takes what is complete of a beginning", async () => {
    const items = await split('[{"a":1},{"b":', 7, { isBeginning: true });
    expect(placed(items)).toEqual([["/0", { a: 1 }]]);
  });
});
