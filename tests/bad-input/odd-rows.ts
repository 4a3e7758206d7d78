import { bundleOf } from "../support/bundle-of.ts";
import { CSV_TYPE, JSON_TYPE } from "./row.ts";
import { indicator } from "./submitting.ts";

/** Odd, but no reason to fail: each ends as `done` with a row for every record, or is refused with a problem. */
export const ODD: [string, string, string | Uint8Array, Record<string, string>][] = [
  [
    "a table with formulas",
    "?tlp=green",
    "value,description\n=cmd|' /C calc'!A0,x\n+1-1,x\n@SUM(1),x\nfine.example.com,=1+1\n",
    CSV_TYPE,
  ],
  ["a table with NUL", "?tlp=green", "value,description\nnul.example.com,a\u0000b\n\u0000,x\n", CSV_TYPE],
  [
    "a cell of a million characters",
    "?tlp=green",
    `value,description\nlong.example.com,${"x".repeat(1_000_000)}\n`,
    CSV_TYPE,
  ],
  [
    "a value of a million characters",
    "?tlp=green",
    `value\n${"x".repeat(1_000_000)}.example.com\nshort.example.com\n`,
    CSV_TYPE,
  ],
  [
    "a row of a million columns",
    "?tlp=green",
    `value\nwide.example.com${",x".repeat(1_000_000)}\n`,
    CSV_TYPE,
  ],
  [
    "a header of a million columns",
    "?tlp=green",
    `value${",c".repeat(1_000_000)}\nwide.example.com\n`,
    CSV_TYPE,
  ],
  [
    "a quote that never closes",
    "?tlp=green",
    `value,description\nq.example.com,"${"x\n".repeat(100_000)}`,
    CSV_TYPE,
  ],
  [
    "text of one line without end",
    "?tlp=green&format=text",
    `${"a.".repeat(1_000_000)}example.com`,
    { "content-type": "text/plain" },
  ],
  [
    "text full of brackets",
    "?tlp=green&format=text",
    `${"[.](dot)hxxp://".repeat(60_000)} evil[.]example[.]com`,
    { "content-type": "text/plain" },
  ],
  ["the same object twice", "?tlp=green", bundleOf(indicator(21), indicator(21)), JSON_TYPE],
  [
    "a pattern of brackets",
    "?tlp=green",
    bundleOf(indicator(22, { pattern: "[(".repeat(20_000) })),
    JSON_TYPE,
  ],
  [
    "a pattern of alternatives",
    "?tlp=green",
    bundleOf(indicator(23, { pattern: `[${Array(2_000).fill("a:b='c'").join(" OR ")}]` })),
    JSON_TYPE,
  ],
  [
    "a time in the year 9999",
    "?tlp=green",
    bundleOf(indicator(24, { modified: "9999-12-31T23:59:59.999999Z" })),
    JSON_TYPE,
  ],
  [
    "a time in the year 0000",
    "?tlp=green",
    bundleOf(indicator(25, { created: "0000-01-01T00:00:00Z", modified: "0000-01-01T00:00:00Z" })),
    JSON_TYPE,
  ],
  [
    "a time with a hundred digits",
    "?tlp=green",
    bundleOf(indicator(26, { modified: `2024-05-01T00:00:00.${"1".repeat(100)}Z` })),
    JSON_TYPE,
  ],
  [
    "NUL in a name",
    "?tlp=green",
    bundleOf(indicator(27, { name: "a\u0000b", description: "c\u0000d", labels: ["e\u0000f"] })),
    JSON_TYPE,
  ],
  [
    "half a character in a name",
    "?tlp=green",
    `${bundleOf(indicator(28)).slice(0, -3)},"name":"\\ud800"}]}`,
    JSON_TYPE,
  ],
  [
    "an id of another type",
    "?tlp=green",
    bundleOf(indicator(29, { id: "report--8e2e2d2b-17d4-4cbf-938f-000000000029" })),
    JSON_TYPE,
  ],
  [
    "objects that are no objects",
    "?tlp=green",
    JSON.stringify({
      type: "bundle",
      id: "bundle--5d0c7f1e-8f0a-4b7e-9a52-1f5d0f1a3c01",
      objects: [1, null, "x", [], indicator(30)],
    }),
    JSON_TYPE,
  ],
  ["a relationship to itself", "?tlp=green", bundleOf(indicator(31), relationship(31, 31)), JSON_TYPE],
  ["a report that contains itself", "?tlp=green", bundleOf(selfContained()), JSON_TYPE],
  [
    "a number beyond all numbers",
    "?tlp=green",
    bundleOf(indicator(32)).replace('"spec_version"', '"confidence":1e999,"spec_version"'),
    JSON_TYPE,
  ],
  [
    "a whole number that a double would alter",
    "?tlp=green",
    bundleOf(indicator(33)).replace('"spec_version"', '"x_big":12345678901234567890,"spec_version"'),
    JSON_TYPE,
  ],
  ["a number beyond all numbers without an id", "?tlp=green", '{"type":"x-odd","number":1e999}', JSON_TYPE],
];
function relationship(from: number, to: number): object {
  const id = (n: number): string => `indicator--8e2e2d2b-17d4-4cbf-938f-${String(n).padStart(12, "0")}`;
  const at = "2024-05-01T00:00:00.000Z";
  const own = `relationship--8e2e2d2b-17d4-4cbf-938f-${String(from).padStart(12, "0")}`;
  return {
    type: "relationship",
    spec_version: "2.1",
    id: own,
    created: at,
    modified: at,
    relationship_type: "related-to",
    source_ref: id(from),
    target_ref: id(to),
  };
}

function selfContained(): object {
  const at = "2024-05-01T00:00:00.000Z";
  const id = "report--8e2e2d2b-17d4-4cbf-938f-000000000040";
  return {
    type: "report",
    spec_version: "2.1",
    id,
    created: at,
    modified: at,
    name: "x",
    published: at,
    object_refs: [id],
  };
}
