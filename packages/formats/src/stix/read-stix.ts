import { isObservable } from "@suar/stix";
import { inBatches } from "../batch.ts";
import type { Reader, ReaderEvent } from "../draft.ts";
import { drop } from "../drop.ts";
import { FormatError, WHOLE } from "../format-error.ts";
import { isJsonRecord, type JsonRecord, listOf, textOf } from "../json-value.ts";
import { readDocument } from "../read-document.ts";
import { upgradeObject } from "../stix20/upgrade-object.ts";
import { upgradeObserved } from "../stix20/upgrade-observed.ts";
import { type Marked, toldOf, UNMARKED } from "../stricter-marking.ts";
import { inOrderOfVersions } from "./in-order-of-versions.ts";
import {
  isTlpLevel,
  type Meanings,
  markedWithin,
  markingsOf,
  type OwnMarking,
  ownMarking,
  withoutTlpRefs,
} from "./markings.ts";

/**
 * STIX 2.1: a bundle, a TAXII envelope or a single object. Objects stay as they are; whether they are valid is
 * for normalization to say, record by record. Those of STIX 2.0 become objects of 2.1.
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
    const { objects, base, isOld } = objectsOf(await readDocument(source));
    yield* inBatches(readObjects(isOld ? objects.map(saidToBeOld) : objects, base));
  },
};

function objectsOf(document: unknown): { objects: unknown[]; base: string; isOld: boolean } {
  if (!isJsonRecord(document))
    throw new FormatError("not-a-bundle", "Neither a STIX bundle nor a STIX object", WHOLE);
  const { type, objects } = document;
  if (type === "bundle" || (type === undefined && objects !== undefined)) {
    // A bundle's `objects` is optional (§8); an envelope without any is an empty page.
    if (objects !== undefined && !Array.isArray(objects))
      throw new FormatError("not-a-bundle", "objects is not a list", "/objects");
    // In STIX 2.0 the bundle alone says the version (2.0 §5).
    return { objects: listOf(objects), base: "/objects/", isOld: document.spec_version === "2.0" };
  }
  if (typeof type !== "string")
    throw new FormatError("not-a-bundle", "Neither a STIX bundle nor a STIX object", WHOLE);
  return { objects: [document], base: "", isOld: false };
}

function saidToBeOld(object: unknown): unknown {
  if (!isJsonRecord(object) || object.spec_version !== undefined || isObservable(String(object.type)))
    return object;
  return { ...object, spec_version: "2.0" };
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
  if (isStix20(object)) return yield* readStix20(object, { index, at }, marked, meanings);
  yield* readMarked(object, { index, at }, marked, meanings);
}

function* readMarked(
  object: JsonRecord,
  place: Place,
  marked: OwnMarking,
  meanings: Meanings,
): Generator<ReaderEvent> {
  const { marking, unknown, widened } = marked;
  // An unknown level may be the strictest of all: what cannot be honoured is not taken.
  if (unknown.length > 0) return yield refuseUnknown(place, object, marked);
  const contains = containedIn(object);
  yield {
    draft: {
      kind: "object",
      ...place,
      object: withoutTlpRefs(object, meanings),
      ...(marking && { marking }),
      ...(contains.length > 0 && { contains }),
    },
  };
  if (widened) {
    yield {
      loss: { ...place, field: "granular_markings", reason: "Its TLP was taken for the whole object" },
    };
  }
}

type Place = { index: number; at: string };

/** An object of STIX 2.0 as one of 2.1, with what it observed before it: both under its marking. */
function* readStix20(
  object: JsonRecord,
  place: Place,
  marked: OwnMarking,
  meanings: Meanings,
): Generator<ReaderEvent> {
  if (typeof object.type === "string" && isObservable(object.type)) {
    const reason = "STIX 2.0 has observables in observed data alone";
    const named = drop({ id: textOf(object.id), raw: textOf(object.value) });
    return yield { reject: { ...place, code: "stix-2.0", reason, ...named, ...toldOf(marked) } };
  }
  const {
    object: upgraded,
    observables,
    losses,
  } = object.type === "observed-data"
    ? upgradeObserved(object)
    : { ...upgradeObject(object), observables: [] };
  if (marked.unknown.length === 0)
    for (const observable of observables)
      yield {
        draft: {
          kind: "object",
          ...place,
          object: observable,
          ...(marked.marking && { marking: marked.marking }),
        },
      };
  yield* readMarked(upgraded, place, marked, meanings);
  for (const { field, reason } of losses) yield { loss: { ...place, field, reason } };
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
