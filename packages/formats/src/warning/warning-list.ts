import { z } from "zod";
import { parseJsonBounded } from "../parse-json-bounded.ts";

/** What a warning list may hold. The text of substrings, and what regular expressions come to, is held in memory as it is. */
export const MOST_OF_LIST = {
  bytes: 32 * 1024 * 1024,
  entries: 1_000_000,
  /** Characters of an entry. */
  entry: 2_000,
  /** Bytes of all substrings of a list. */
  substrings: 1024 * 1024,
  patterns: 200,
  /** Instructions of all regular expressions of a list: with each character of a value each may be looked at. */
  program: 2_000,
} as const;
const DEEPEST = 8;

/** How the entries of a list are compared with a value, as MISP names it. */
export const WarningListType = z.enum(["string", "substring", "hostname", "cidr", "regex"]);
export type WarningListType = z.infer<typeof WarningListType>;

/** It stands in lines of files that are read by the line, and on terminals: nothing in it may end one, or be obeyed by one. */
const Words = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u, "A text without control characters");

/** Names that begin so are those of the lists that are built in. */
const OWN_NAME = /^suar:/i;

/**
 * A warning list as MISP has them (misp-warninglists, `schema.json`); what other tools put beside that is passed over. As
 * MISP itself takes them, a list without a type is one of strings, one without a version is the first, and entries may
 * have comments: then they are the keys of an object.
 */
export const WarningList = z.object({
  name: Words.min(1)
    .max(200)
    .refine((name) => !OWN_NAME.test(name), "Names that begin with Suar: are of built-in lists"),
  version: z.int().min(0).default(1),
  description: Words.max(2_000).default(""),
  type: z.preprocess((type) => (Array.isArray(type) ? type[0] : type), WarningListType.default("string")),
  matching_attributes: z.array(z.string().min(1).max(100)).max(500).default([]),
  list: z.preprocess(
    (list) => (isCommented(list) ? Object.keys(list) : list),
    z.array(z.string()).min(1).max(MOST_OF_LIST.entries),
  ),
});
export type WarningList = z.infer<typeof WarningList>;

/** A place in a list, as a JSON pointer, and what of it is told. */
export type ListPlace = { path: string; code: string; message: string };

const MOST_TOLD = 20;

/** Reads a list; what does not fit the form is told by its places. Throws a FormatError for what is no JSON to be taken. */
export function readWarningList(
  bytes: Uint8Array,
): { ok: true; list: WarningList } | { ok: false; faults: ListPlace[] } {
  const limits = { maxBytes: MOST_OF_LIST.bytes, maxDepth: DEEPEST };
  const parsed = WarningList.safeParse(parseJsonBounded(bytes, limits));
  if (parsed.success) return { ok: true, list: parsed.data };
  const faults = parsed.error.issues.slice(0, MOST_TOLD).map(({ path, code, message }) => {
    return { path: pointerOf(path), code, message };
  });
  return { ok: false, faults };
}

function isCommented(list: unknown): list is object {
  return typeof list === "object" && list !== null && !Array.isArray(list);
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step)}`).join("");
}

/** Places of which the first are told word by word, and all are counted. */
export class Places {
  readonly told: ListPlace[] = [];
  inAll = 0;

  add(index: number, code: string, message: string): void {
    this.inAll += 1;
    if (this.told.length < MOST_TOLD) this.told.push({ path: `/list/${index}`, code, message });
  }
}
