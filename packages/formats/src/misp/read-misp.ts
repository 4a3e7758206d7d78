import { filesOf, isArchive } from "../archive/files-of.ts";
import type { ReadContext, Reader, ReaderEvent } from "../draft.ts";
import { FormatError } from "../format-error.ts";
import { type SplitLimits, splitJson } from "../split-json.ts";
import { FeedReading } from "./feed-reading.ts";

const BATCH = 500;
const SMALL_UNIT = 250;
/** An event is read as a whole: its tags, which say who may see it, stand behind its attributes. */
const LARGEST_EVENT = 64 * 1024 * 1024;
const DEEPEST = 200;

/**
 * MISP: an event, bare or as `{Event}`; a collection of them, as a list, under `response` or line by line; a feed in a
 * zip or tar archive, its manifest with its events. One event at a time is held, however many there are.
 */
export const mispReader: Reader = {
  name: "misp",
  mediaTypes: [
    "application/vnd.misp+json",
    "application/x-misp+json",
    "application/zip",
    "application/gzip",
    "application/x-gzip",
    "application/x-tar",
  ],
  streaming: true,
  detect(_mediaType, head) {
    if (isArchive(head)) return 0.6;
    if (!/^[\s\u00ef\u00bb\u00bf]*[{[]/.test(head)) return 0;
    if (/"Event"\s*:\s*\{/.test(head)) return 0.95;
    if (/^[\s\u00ef\u00bb\u00bf]*\{\s*"response"\s*:\s*[[{]/.test(head)) return 0.9;
    if (isManifest(head) || ATTRIBUTES.test(head)) return 0.9;
    return /"info"\s*:/.test(head) && /"(?:[Aa]ttributes?|Orgc|threat_level_id)"\s*:/.test(head) ? 0.9 : 0;
  },
  async *read(source, context) {
    let batch: ReaderEvent[] = [];
    let inUnit = 0;
    for await (const event of readFiles(source, context)) {
      const ends = "unitEnds" in event;
      inUnit += 1;
      if (ends && inUnit < SMALL_UNIT) continue; // small events are one unit together
      batch.push(event);
      if (ends) inUnit = 0;
      if (!ends && batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  },
};

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const MANIFEST = new RegExp(`^[\\s\\u00ef\\u00bb\\u00bf]*\\{\\s*"${UUID}"\\s*:\\s*\\{`, "i");

/** What a search for attributes answers, without the `response` around it. */
const ATTRIBUTES = /^[\s\u00ef\u00bb\u00bf]*\{\s*"Attribute"\s*:\s*\[/;

function isManifest(head: string): boolean {
  return MANIFEST.test(head);
}

async function* readFiles(
  source: AsyncIterable<Uint8Array>,
  context: ReadContext,
): AsyncGenerator<ReaderEvent> {
  const reading = new FeedReading();
  const limits: SplitLimits = {
    maxBytes: LARGEST_EVENT,
    maxDepth: DEEPEST,
    isBeginning: context.isBeginning === true,
  };
  for await (const { name, bytes } of filesOf(source)) {
    if (name !== "" && !name.toLowerCase().endsWith(".json")) {
      yield* reading.passOver(name);
      continue;
    }
    try {
      for await (const item of splitJson(bytes, limits)) yield* reading.take(item, name);
    } catch (error) {
      throw error instanceof FormatError ? inFile(error, name) : error;
    }
  }
  yield* reading.finish();
  if (reading.events === 0 && context.isBeginning !== true) throw reading.nothing();
}

function inFile(error: FormatError, name: string): FormatError {
  if (name === "") return error;
  return new FormatError(error.code, error.message, `${name}, ${error.at}`, { cause: error });
}
