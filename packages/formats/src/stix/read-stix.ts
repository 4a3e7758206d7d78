import { inBatches } from "../batch.ts";
import type { Reader, ReaderEvent } from "../draft.ts";
import { drop } from "../drop.ts";
import { FormatError } from "../format-error.ts";
import { isJsonRecord, type JsonRecord, listOf, textOf } from "../json-value.ts";
import { readDocument } from "../read-document.ts";
import { type Marked, toldOf, UNMARKED } from "../stricter-marking.ts";
import { inOrderOfVersions } from "./in-order-of-versions.ts";
import {
  isTlpLevel,
  type Meanings,
  markedWithin,
  markingsOf,
  ownMarking,
  withoutTlpRefs,
} from "./markings.ts";

/**
 * STIX 2.1: a bundle, a TAXII envelope or a single object. Objects stay as they are; whether they are valid is
 * for normalization to say, record by record.
 */
export const stixReader: Reader = {
  name: "stix",
  mediaTypes: ["application/stix+json", "application/taxii+json"],
  streaming: false,
  detect(_mediaType, head) {
    if (!/^[\s\u00ef\u00bb\u00bf]*[{[]/.test(head)) return 0;
    if (/"type"\s*:\s*"bundle"/.test(head)) return 1;
    if (/"spec_version"\s*:\s*"2\.[01]"/.test(head)) return 0.9;
    return /"id"\s*:\s*"[a-z0-9-]+--[0-9a-f]{8}-/.test(head) && /"type"\s*:/.test(head) ? 0.7 : 0;
  },
  async *read(source) {
    const { objects, base } = objectsOf(await readDocument(source));
    yield* inBatches(readObjects(objects, base));
  },
};

function objectsOf(document: unknown): { objects: unknown[]; base: string } {
  if (!isJsonRecord(document))
    throw new FormatError("not-a-bundle", "Neither a STIX bundle nor a STIX object");
  const { type, objects } = document;
  if (type === "bundle" || (type === undefined && objects !== undefined)) {
    // A bundle's `objects` is optional (§8); an envelope without any is an empty page.
    if (objects !== undefined && !Array.isArray(objects))
      throw new FormatError("not-a-bundle", "objects is not a list", "/objects");
    return { objects: listOf(objects), base: "/objects/" };
  }
  if (typeof type !== "string")
    throw new FormatError("not-a-bundle", "Neither a STIX bundle nor a STIX object");
  return { objects: [document], base: "" };
}

function* readObjects(objects: readonly unknown[], base: string): Generator<ReaderEvent> {
  const meanings = markingsOf(objects);
  const single = base === "";
  const records: { object: unknown; index: number; at: string }[] = [];
  for (const [position, object] of objects.entries()) {
    if (isTlpDefinition(object, meanings)) continue;
    records.push({ object, index: records.length, at: single ? "/" : `${base}${position}` });
  }
  for (const { object, index, at } of inOrderOfVersions(records))
    yield* readObject(object, index, at, meanings);
}

// Everybody has the TLP definitions; they say nothing of their own.
function isTlpDefinition(object: unknown, meanings: Meanings): boolean {
  if (!isJsonRecord(object) || object.type !== "marking-definition") return false;
  return isTlpLevel(object.id, meanings);
}

function* readObject(object: unknown, index: number, at: string, meanings: Meanings): Generator<ReaderEvent> {
  const id = isJsonRecord(object) ? textOf(object.id) : undefined;
  const refuse = (code: string, reason: string, marked = UNMARKED): ReaderEvent => ({
    reject: { index, at, code, reason, ...(id !== undefined && { id }), ...toldOf(marked) },
  });
  if (!isJsonRecord(object)) return yield refuse("not-an-object", "Not a JSON object");
  if (object.type === "bundle")
    return yield refuse("nested-bundle", "A bundle inside a bundle is not STIX", markedWithin(object));
  const marked = ownMarking(object, meanings);
  if (isStix20(object)) return yield refuse("stix-2.0", "A STIX 2.0 object; send STIX 2.1", marked);
  const { marking, unknown, widened } = marked;
  // An unknown level may be the strictest of all: what cannot be honoured is not taken.
  if (unknown.length > 0) return yield refuseUnknown({ index, at }, object, marked);
  const contains = containedIn(object);
  yield {
    draft: {
      kind: "object",
      index,
      at,
      object: withoutTlpRefs(object, meanings),
      ...(marking && { marking }),
      ...(contains.length > 0 && { contains }),
    },
  };
  if (widened) {
    yield {
      loss: { index, at, field: "granular_markings", reason: "Its TLP was taken for the whole object" },
    };
  }
}

function refuseUnknown(
  place: { index: number; at: string },
  object: JsonRecord,
  marked: Marked,
): ReaderEvent {
  const which = marked.unknown.slice(0, 10).join(", ");
  const reason = `No marking that is known, as a level or by its definition in what was sent: ${which}`;
  const named = drop({ id: textOf(object.id), raw: textOf(object.value) });
  return { reject: { ...place, code: "unknown-marking", reason, ...named, ...toldOf(marked) } };
}

/** STIX 2.0 says so, or shows its one mark that 2.1 has not: observed data and the like without spec_version. */
function isStix20(object: JsonRecord): boolean {
  if (object.spec_version !== undefined) return object.spec_version === "2.0";
  return object.created !== undefined && object.modified !== undefined;
}

const CONTAINERS = new Set(["report", "grouping", "note", "opinion", "observed-data"]);

function containedIn(object: JsonRecord): string[] {
  if (!CONTAINERS.has(String(object.type))) return [];
  return listOf(object.object_refs).flatMap((ref) => textOf(ref) ?? []);
}
