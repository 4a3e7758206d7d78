import { csafReader } from "./csaf/read-csaf.ts";
import { csvReader } from "./csv/read-csv.ts";
import type { Reader } from "./draft.ts";
import { emailReader } from "./email/read-email.ts";
import { FormatError } from "./format-error.ts";
import { FormatName } from "./format-name.ts";
import { incidentReader } from "./incident/read-incident.ts";
import { iodefReader } from "./iodef/read-iodef.ts";
import { mispReader } from "./misp/read-misp.ts";
import { openiocReader } from "./openioc/read-openioc.ts";
import { parseJsonBounded } from "./parse-json-bounded.ts";
import { shadowserverReader } from "./shadowserver/read-shadowserver.ts";
import { stixReader } from "./stix/read-stix.ts";
import { textReader } from "./text/read-text.ts";
import { xarfReader } from "./xarf/read-xarf.ts";

export const readers: Record<FormatName, Reader> = {
  stix: stixReader,
  misp: mispReader,
  csv: csvReader,
  text: textReader,
  incident: incidentReader,
  csaf: csafReader,
  shadowserver: shadowserverReader,
  email: emailReader,
  iodef: iodefReader,
  openioc: openiocReader,
  xarf: xarfReader,
};

export type ReaderChoice =
  | { ok: true; reader: Reader }
  | { ok: false; code: "unknown-format"; message: string };

/** Content types that leave the format open. */
const GENERIC = new Set([
  "application/json",
  "text/plain",
  "application/xml",
  "text/xml",
  "application/yaml",
  "application/x-yaml",
  "text/yaml",
  "text/x-yaml",
  // What browsers on Windows say of a table of text; a workbook is no text and of no format.
  "application/vnd.ms-excel",
]);

/** Formats that are written in another: tables of known columns, messages with a known part. */
const WITHIN: Readonly<Partial<Record<FormatName, FormatName>>> = { csv: "shadowserver", email: "xarf" };

/**
 * Chooses a reader: the format that is named, else the content type where it names one, else the content.
 * `head` is the beginning of the input, a character per byte; a short input is all in it.
 */
export function chooseReader(given: { format?: string; mediaType?: string; head: string }): ReaderChoice {
  const { format } = given;
  const head = inUtf8(given.head);
  if (format !== undefined) {
    const name = FormatName.safeParse(format);
    return name.success
      ? { ok: true, reader: readers[name.data] }
      : unknown(`No format ${format.slice(0, 40)}`);
  }
  const mediaType = given.mediaType?.split(";")[0]?.trim().toLowerCase();
  if (mediaType !== undefined && !GENERIC.has(mediaType)) {
    const reader = Object.values(readers).find(({ mediaTypes }) => mediaTypes.includes(mediaType));
    return reader === undefined
      ? unknown(`No format has the content type ${mediaType.slice(0, 80)}`)
      : { ok: true, reader: narrower(reader, mediaType, head) };
  }
  const reader = detected(mediaType, head);
  return reader === undefined ? unknown("The content shows no format that is known") : { ok: true, reader };
}

/** UTF-16 shows its letters between zeros: by its mark it is read as the same text in UTF-8, still a character a byte. */
function inUtf8(head: string): string {
  const mark = head.slice(0, 2);
  if (mark !== "\xff\xfe" && mark !== "\xfe\xff") return head;
  const bytes = Buffer.from(head, "latin1").subarray(2);
  const even = bytes.subarray(0, bytes.length & ~1);
  if (mark === "\xfe\xff") even.swap16();
  return Buffer.from(even.toString("utf16le")).toString("latin1");
}

function narrower(reader: Reader, mediaType: string, head: string): Reader {
  const within = WITHIN[reader.name];
  return within !== undefined && readers[within].detect(mediaType, head) > 0 ? readers[within] : reader;
}

function detected(mediaType: string | undefined, head: string): Reader | undefined {
  let best: Reader | undefined;
  let likeliest = 0;
  for (const reader of Object.values(readers)) {
    if (mediaType === "application/json" && reader.flat === true) continue;
    const likelihood = reader.detect(mediaType, head);
    if (likelihood > likeliest) {
      best = reader;
      likeliest = likelihood;
    }
  }
  return best ?? (isUnreadableJson(mediaType, head) ? stixReader : undefined);
}

const WHOLE_HEAD = 60 * 1024;

/** JSON that is of no format because it is no JSON: a reader of JSON says what is wrong with it. */
function isUnreadableJson(mediaType: string | undefined, head: string): boolean {
  if (mediaType !== "application/json" && !/^\s*[{[]/.test(head)) return false;
  if (head.length >= WHOLE_HEAD) return false;
  try {
    parseJsonBounded(Buffer.from(head, "latin1"), { maxBytes: WHOLE_HEAD, maxDepth: 200 });
    return false;
  } catch (error) {
    return error instanceof FormatError;
  }
}

function unknown(message: string): ReaderChoice {
  return {
    ok: false,
    code: "unknown-format",
    message: `${message}; formats are ${FormatName.options.join(", ")}`,
  };
}
