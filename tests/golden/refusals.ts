import type { Block, Row } from "./property-table.ts";

/** What is done to a golden object, and what has to be said of it: a code, if one alone is right, and a place. */
export type Refusal = {
  what: string;
  value: unknown;
  path: string;
  section: string;
  codes: readonly string[];
};

const UUID = "00000000-0000-4000-8000-000000000000";
const DOMAIN = ["malware", "identity", "software", "relationship", "marking-definition", "url"];
const FAMILIES: Readonly<Record<string, string>> = {
  malware: "sdo",
  identity: "sdo",
  software: "sco",
  url: "sco",
  relationship: "sro",
  "marking-definition": "meta",
};

/** Of each kind, values that are not of it. */
const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  string: [7, true, null, {}, []],
  open: [7, null, {}],
  boolean: ["true", 1, null],
  integer: [1.5, "1", null, true],
  float: ["1", null, {}],
  timestamp: [
    7,
    "yesterday",
    "2026-03-05 00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-03-05T00:00:00+07:00",
    null,
  ],
  binary: [7, "not base64!", null],
  hex: [7, "0x4d", "4D5A", "4d5", null],
  hashes: [7, [], {}, { MD5: 7 }, { MD5: "zz" }, { "no key": "00" }],
  dictionary: [7, "text", [], {}, { "no key": "1" }],
  object: [7, "text", null],
  enum: ["foreign-value", 7, null],
  ref: [7, "text", "indicator--7", null],
};

/** Every refusal that follows from a block's rows by themselves. */
export function refusalsOf(block: Block): Refusal[] {
  return block.rows.flatMap((row) => {
    const path = `${block.at}/${row.name}`;
    const refuse = (what: string, value: unknown, at = path, codes = WRONG_CODES): Refusal => {
      return { what: `${row.name} ${what}`, value, path: at, section: row.section, codes };
    };
    const missing = row.isRequired ? [refuse("missing", undefined, path, ["missing-property"])] : [];
    return [...missing, ...wrongTypes(row, refuse), ...wrongTargets(row, refuse), ...outOfRange(row, refuse)];
  });
}

const WRONG_CODES: readonly string[] = [
  "invalid-type",
  "invalid-value",
  "invalid-format",
  "unknown-type",
  "empty",
  "id-type",
  "fixed-definition",
];

type Refuse = (what: string, value: unknown, at?: string, codes?: readonly string[]) => Refusal;

function wrongTypes(row: Row, refuse: Refuse): Refusal[] {
  const wrong = WRONG[row.kind];
  if (wrong === undefined) throw new Error(`no wrong values of ${row.kind}`);
  if (!row.isList) return wrong.map((value) => refuse(`is ${JSON.stringify(value)}`, value));
  return [
    refuse("is no list", 7),
    refuse("is an empty list", [], undefined, ["empty"]),
    ...wrong.map((value) => refuse(`has ${JSON.stringify(value)}`, [value])),
  ];
}

function wrongTargets({ kind, options, isList }: Row, refuse: Refuse): Refusal[] {
  if (kind !== "ref" || options.includes("*")) return [];
  const allowed = (type: string) => options.includes(type) || options.includes(FAMILIES[type] ?? "");
  return DOMAIN.filter((type) => !allowed(type)).map((type) => {
    const id = `${type}--${UUID}`;
    return refuse(`refers to a ${type}`, isList ? [id] : id, undefined, ["invalid-format"]);
  });
}

function outOfRange({ options }: Row, refuse: Refuse): Refusal[] {
  const [, least, most] = /^(-?\d+)\.\.(\d*)$/.exec(options[0] ?? "") ?? [];
  const beyond = [...(least ? [Number(least) - 1] : []), ...(most ? [Number(most) + 1] : [])];
  return beyond.map((value) => refuse(`is ${value}`, value, undefined, ["out-of-range"]));
}

/** `object` with what stands at a JSON Pointer replaced; undefined takes it away. */
export function withChange(object: unknown, path: string, value: unknown): Record<string, unknown> {
  const changed = structuredClone(object) as Record<string, unknown>;
  const keys = path.split("/").slice(1);
  const last = keys.pop() ?? "";
  let at = changed;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return changed;
}
