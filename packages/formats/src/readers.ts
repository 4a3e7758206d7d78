import { csvReader } from "./csv/read-csv.ts";
import type { Reader } from "./draft.ts";
import { FormatError } from "./format-error.ts";
import { FormatName } from "./format-name.ts";
import { incidentReader } from "./incident/read-incident.ts";
import { mispReader } from "./misp/read-misp.ts";
import { parseJsonBounded } from "./parse-json-bounded.ts";
import { stixReader } from "./stix/read-stix.ts";
import { textReader } from "./text/read-text.ts";

export const readers: Record<FormatName, Reader> = {
  stix: stixReader,
  misp: mispReader,
  csv: csvReader,
  text: textReader,
  incident: incidentReader,
};

export type ReaderChoice =
  | { ok: true; reader: Reader }
  | { ok: false; code: "unknown-format"; message: string };

/** Content types that leave the format open. */
const GENERIC = new Set(["application/json", "text/plain"]);

/**
 * Chooses a reader: the format that is named, else the content type where it names one, else the content.
 * `head` is the beginning of the input, a character per byte; a short input is all in it.
 */
export function chooseReader(given: { format?: string; mediaType?: string; head: string }): ReaderChoice {
  const { format, head } = given;
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
      : { ok: true, reader };
  }
  const reader = detected(mediaType, head);
  return reader === undefined ? unknown("The content shows no format that is known") : { ok: true, reader };
}

function detected(mediaType: string | undefined, head: string): Reader | undefined {
  let best: Reader | undefined;
  let likeliest = 0;
  for (const reader of Object.values(readers)) {
    if (mediaType === "application/json" && reader.streaming) continue;
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
