import type { Reader } from "../draft.ts";
import { FormatError } from "../format-error.ts";
import { isJsonRecord, type JsonRecord } from "../json-value.ts";
import { readDocument } from "../read-document.ts";
import { readEvent } from "./read-event.ts";

const BATCH = 500;

/** MISP events as its exports and its API write them: `{Event}`, `{response: [{Event}]}` or the bare event. */
export const mispReader: Reader = {
  name: "misp",
  mediaTypes: ["application/vnd.misp+json", "application/x-misp+json"],
  streaming: false,
  detect(_mediaType, head) {
    if (!/^[\s\u00ef\u00bb\u00bf]*[{[]/.test(head)) return 0;
    if (/"Event"\s*:\s*\{/.test(head)) return 0.95;
    return /"info"\s*:/.test(head) && /"(?:Attribute|Orgc|threat_level_id)"\s*:/.test(head) ? 0.9 : 0;
  },
  async *read(source) {
    const found = eventsOf(await readDocument(source));
    if (found.length === 0) throw new FormatError("not-a-bundle", "No MISP event in it");
    let index = 0;
    for (const { event, at } of found) {
      const { events, next } = readEvent(event, { index, at });
      index = next;
      for (let from = 0; from < events.length; from += BATCH) yield events.slice(from, from + BATCH);
    }
  },
};

type Found = { event: JsonRecord; at: string };

function eventsOf(document: unknown, at = ""): Found[] {
  if (Array.isArray(document)) return document.flatMap((one, position) => eventsOf(one, `${at}/${position}`));
  if (!isJsonRecord(document)) return [];
  if (document.response !== undefined) return eventsOf(document.response, `${at}/response`);
  if (isJsonRecord(document.Event)) return [{ event: document.Event, at: `${at}/Event` }];
  return document.info !== undefined ? [{ event: document, at }] : [];
}
