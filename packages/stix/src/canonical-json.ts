/**
 * RFC 8785 (JSON Canonicalization Scheme): keys sorted by UTF-16 code units, numbers as ECMAScript prints
 * them, no white space. Throws a TypeError for what is not JSON: undefined, functions, NaN, lone surrogates.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case "string":
      return canonicalString(value);
    case "number":
      if (!Number.isFinite(value)) throw new TypeError("JSON has no such number");
      return JSON.stringify(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      return value === null ? "null" : canonicalContainer(value);
    default:
      throw new TypeError(`JSON has no ${typeof value}`);
  }
}

function canonicalContainer(value: object): string {
  if (Array.isArray(value)) return canonicalList(value);
  const record = value as Record<string, unknown>;
  let members = "";
  // The default sort compares UTF-16 code units, as §3.2.3 wants.
  for (const key of Object.keys(record).sort()) {
    const member = record[key];
    if (member === undefined) continue;
    members += `${members === "" ? "" : ","}${canonicalString(key)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

function canonicalList(values: readonly unknown[]): string {
  let items = "";
  for (const value of values) items += `${items === "" ? "" : ","}${canonicalJson(value)}`;
  return `[${items}]`;
}

/** Nothing to escape and no surrogates: nearly every text, and many times faster to write. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

function canonicalString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new TypeError("a lone surrogate has no canonical form");
  return JSON.stringify(text);
}
