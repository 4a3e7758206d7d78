import { parseDocument } from "yaml";
import { FormatError, WHOLE } from "../format-error.ts";
import { isJsonRecord, type JsonRecord } from "../json-value.ts";
import { parseJsonBounded } from "../parse-json-bounded.ts";

const LONGEST = 128 * 1024;
const DEEPEST = 20;

/** Where a field's name may stand: at the beginning of a line, of an object or behind another field of it. */
const FIELD =
  /(?:^|[{,])[ \t{"]{0,8}(reported-from|category|report-type|schema-url|source-type|source)"?[ \t]{0,8}:/gi;
/** Fields that only a report of X-ARF has; names are compared without their case. */
const OWN: ReadonlySet<string> = new Set(["reported-from", "report-type", "schema-url"]);
const ENOUGH = 4;
const LONGEST_LINE = 16_384;

/** How many of the lines make a report of X-ARF, YAML or the same fields as JSON; nothing where they make none. */
export function linesOfReport(lines: Iterable<string>): number | undefined {
  const seen = new Set<string>();
  let taken = 0;
  for (const line of lines) {
    taken += 1;
    for (const [, name = ""] of line.slice(0, LONGEST_LINE).matchAll(FIELD)) seen.add(name.toLowerCase());
    if (seen.size >= ENOUGH && [...OWN].some((name) => seen.has(name))) return taken;
  }
  return undefined;
}

/** Whether a text looks like the report of X-ARF. */
export function isReport(text: string): boolean {
  return linesOfReport(text.slice(0, 65_536).split("\n")) !== undefined;
}

/**
 * The fields of a report, by their names in lower case (X-ARF 0.2, second part). YAML without aliases or tags that
 * could make more of it than was written. Throws `malformed-yaml` with its line.
 */
export function parseReport(text: string): JsonRecord {
  if (text.length > LONGEST) throw new FormatError("too-large", `More than ${LONGEST} characters`, WHOLE);
  const document = text.trimStart().startsWith("{") ? parseJson(text) : parseYaml(text);
  if (!isJsonRecord(document))
    throw new FormatError("not-a-bundle", "The report is no list of fields", "line 1");
  const fields = new Map<string, unknown>();
  for (const [name, value] of Object.entries(document)) {
    // Of two that differ in their case alone, nobody could say which holds: one may be the stricter marking.
    if (fields.has(name.toLowerCase()))
      throw new FormatError("bad-report", `A field that is there twice: ${name.slice(0, 80)}`, WHOLE);
    fields.set(name.toLowerCase(), value);
  }
  return Object.fromEntries(fields);
}

/** Numbers as they are written: the digits of a Report-ID may be more than a double holds. */
function parseJson(text: string): unknown {
  parseJsonBounded(Buffer.from(text), { maxBytes: 2 * LONGEST, maxDepth: DEEPEST });
  return JSON.parse(text, (_name, value: unknown, ...[written]: { source?: string }[]) =>
    typeof value === "number" ? written?.source : value,
  );
}

/** Every scalar is a text (YAML 1.2 §10.1): what looks like a number is an id, a version or a port as written. */
function parseYaml(text: string): unknown {
  refuseDepth(text);
  try {
    const document = parseDocument(withQuotes(text), {
      schema: "failsafe",
      merge: false,
      uniqueKeys: true,
      prettyErrors: false,
    });
    const [error] = document.errors;
    if (error === undefined) return document.toJS({ maxAliasCount: 0 });
    const line = text.slice(0, error.pos[0]).split("\n").length;
    throw new FormatError("malformed-yaml", `Not well-formed YAML (${error.code})`, `line ${line}`);
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError("malformed-yaml", "Aliases are refused", "line 1", { cause });
  }
}

/** `Comment: seen by us: twice` is no YAML; nothing else could be meant by it than the text that it shows. */
function withQuotes(text: string): string {
  return text
    .split("\n")
    .map((line) => {
      const [, name, value = ""] = FREE_TEXT.exec(line) ?? [];
      const isBroken = /:(?=[ \t]|$)/.test(value) && !/[ \t]#/.test(value);
      return name === undefined || !isBroken ? line : `${name}: ${JSON.stringify(value.trimEnd())}`;
    })
    .join("\n");
}

const FREE_TEXT = /^([A-Za-z][A-Za-z0-9-]{1,60}):[ \t]+([\p{L}\p{N}(].*)$/u;

/** Lists within lists, which the parser would follow one by one. */
function refuseDepth(text: string): void {
  let depth = 0;
  for (const [at, line] of text.split("\n").entries()) {
    for (const sign of line) {
      if (sign === "[" || sign === "{") depth += 1;
      else if (sign === "]" || sign === "}") depth = Math.max(0, depth - 1);
    }
    const isDeep = depth > DEEPEST || /(?:[-?:] +){20}/.test(line) || /^ {80}/.test(line);
    if (isDeep) throw new FormatError("too-deep", `Nested deeper than ${DEEPEST}`, `line ${at + 1}`);
  }
}
