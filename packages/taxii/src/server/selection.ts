import { isTimestamp, microsFromTimestamp } from "@suar/stix";
import { isObjectId } from "./object-id.ts";
import { TaxiiError } from "./taxii-error.ts";

/** Which records are asked for (§3.4, §3.5), and whether their bodies are. */
export type Selection = {
  /** Microseconds since 1970; records have to be later. */
  addedAfter: bigint | undefined;
  /** The `next` of the page before. */
  next: string | undefined;
  limit: number;
  ids: readonly string[] | undefined;
  types: readonly string[] | undefined;
  /** Timestamps are as given, valid. */
  versions: readonly VersionWord[];
  /** Undefined: the latest that there is of each object. */
  specVersions: readonly string[] | undefined;
  bodies: boolean;
};
/** `all` stands alone. */
export type VersionWord = "first" | "last" | "all" | (string & {});

/** Which `match` fields a resource knows (§3.4.1, and the tables of each endpoint). */
export type MatchFields = readonly ("id" | "type" | "version" | "spec_version")[];

const MOST_VALUES = 1_000;

/**
 * Reads filters and paging from a query. Throws a TaxiiError `400` for what is malformed, and for a match field that
 * the resource has not: passed over, it would answer with more than was asked for. Other parameters are others'.
 */
export function readSelection(
  query: URLSearchParams,
  fields: MatchFields,
  { mostRecords, bodies }: { mostRecords: number; bodies: boolean },
): Selection {
  for (const name of query.keys()) {
    const field = /^match\[(.*)\]$/.exec(name)?.[1];
    if (field !== undefined && !fields.some((known) => known === field))
      throw new TaxiiError(400, `There is no match[${field}] here; there is ${fields.join(", ")}`);
  }
  const versions = listOf(query, "match[version]", isVersionWord) ?? ["last"];
  if (versions.includes("all") && versions.length > 1)
    throw new TaxiiError(400, "match[version]=all stands alone");
  if (new Set(versions).size < versions.length)
    throw new TaxiiError(400, "match[version] names each version once");
  return {
    addedAfter: readAddedAfter(query),
    next: single(query, "next"),
    limit: Math.min(readLimit(query) ?? mostRecords, mostRecords),
    ids: listOf(query, "match[id]", isObjectId),
    types: listOf(query, "match[type]", (text) => /^[\w.:+-]{1,250}$/.test(text)),
    versions,
    specVersions: listOf(query, "match[spec_version]", (text) => /^\d+\.\d+$/.test(text)),
    bodies,
  };
}

function readAddedAfter(query: URLSearchParams): bigint | undefined {
  const text = single(query, "added_after");
  if (text === undefined) return undefined;
  if (!isTimestamp(text))
    throw new TaxiiError(400, "added_after takes one timestamp such as 2026-01-02T03:04:05.000000Z");
  return microsFromTimestamp(text);
}

function readLimit(query: URLSearchParams): number | undefined {
  const text = single(query, "limit");
  if (text === undefined) return undefined;
  if (!/^\d{1,100}$/.test(text) || Number(text) === 0)
    throw new TaxiiError(400, "limit takes a whole number above 0");
  return Number(text);
}

/** §3.4.1: commas mean OR; the same filter twice is malformed. */
function listOf(
  query: URLSearchParams,
  name: string,
  isValid: (text: string) => boolean,
): string[] | undefined {
  const text = single(query, name);
  if (text === undefined) return undefined;
  const values = text.split(",");
  if (values.length > MOST_VALUES) throw new TaxiiError(400, `${name} takes ${MOST_VALUES} values at most`);
  const wrong = values.find((value) => !isValid(value));
  if (wrong !== undefined) throw new TaxiiError(400, `${name} cannot be ${wrong.slice(0, 100) || "empty"}`);
  return values;
}

function single(query: URLSearchParams, name: string): string | undefined {
  const values = query.getAll(name);
  if (values.length > 1) throw new TaxiiError(400, `${name} stands there twice`);
  return values[0];
}

function isVersionWord(text: string): boolean {
  return text === "first" || text === "last" || text === "all" || isTimestamp(text);
}
