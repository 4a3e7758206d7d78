import { TLP_2_EXTENSION, tlpOfMarking } from "@suar/stix";
import { isJsonRecord, type JsonRecord, listOf, textOf } from "../json-value.ts";
import { readLevel, readTag } from "../marking-label.ts";
import { isStricter, type Marked, strictestOf, UNMARKED } from "../stricter-marking.ts";

/** What marking definitions mean in levels, by their ids in lower case. One of other terms is not among them. */
export type Meanings = ReadonlyMap<string, Marked>;

/** What the marking definitions of a bundle mean, whatever their ids: producers mint their own for TLP. */
export function markingsOf(objects: readonly unknown[]): Meanings {
  const meanings = new Map<string, Marked>();
  for (const object of objects) {
    if (!isJsonRecord(object) || object.type !== "marking-definition") continue;
    const id = textOf(object.id)?.toLowerCase();
    if (id === undefined) continue;
    meanings.set(id, strictestOf([meanings.get(id) ?? UNMARKED, wellKnown(id), ...levelsIn(object)]));
  }
  return meanings;
}

function wellKnown(id: string): Marked {
  const tlp = tlpOfMarking(id);
  return tlp === undefined ? UNMARKED : { marking: { tlp }, unknown: [] };
}

/**
 * The levels as the definition writes them: TLP 2 in an extension, TLP 1 in `definition` (STIX 2.1 §7.2.1.4).
 * Some platforms write AMBER+STRICT, and all of them PAP, as a statement, as a name or in a field of their own.
 */
function* levelsIn(definition: JsonRecord): Generator<Marked> {
  const { extensions, definition: body, definition_type: type } = definition;
  const second = isJsonRecord(extensions) ? extensions[TLP_2_EXTENSION] : undefined;
  if (isJsonRecord(second)) yield readLevel(textOf(second.tlp_2_0) ?? "", "tlp");
  const fields = isJsonRecord(body) ? body : {};
  const kind = textOf(type)?.toLowerCase();
  // OpenCTI writes both in capitals: {"definition_type": "TLP", "definition": {"TLP": "TLP:AMBER+STRICT"}}.
  if (kind === "tlp" || kind === "pap")
    yield readLevel(textOf(fields[kind] ?? fields[kind.toUpperCase()]) ?? "", kind);
  for (const label of [definition.name, fields.statement, definition.x_opencti_definition])
    yield readTag(textOf(label) ?? "") ?? UNMARKED;
}

export type OwnMarking = Marked & { widened: boolean };

/**
 * The marking of an object: the strictest of its refs, granular markings and labels such as `tlp:red`. A
 * granular TLP holds for the whole object, since Suar shares objects whole.
 */
export function ownMarking(object: JsonRecord, meanings: Meanings): OwnMarking {
  const labels = listOf(object.labels).map((label) => readTag(textOf(label) ?? "") ?? UNMARKED);
  const refs = listOf(object.object_marking_refs).map((ref) => meaningOf(ref, meanings));
  const whole = strictestOf([...refs, ...labels]);
  const granular = listOf(object.granular_markings).map((one) =>
    isJsonRecord(one) && one.marking_ref !== undefined ? meaningOf(one.marking_ref, meanings) : UNMARKED,
  );
  const marked = strictestOf([whole, ...granular]);
  return { ...marked, widened: isStricter(marked.marking, whole.marking) };
}

/**
 * RFC 9562 §4 lets a UUID be written in both cases. A definition of other terms says nothing of a level; what nobody
 * defines may be stricter than all that is known.
 */
function meaningOf(ref: unknown, meanings: Meanings): Marked {
  const id = textOf(ref)?.toLowerCase() ?? "";
  const isKnown = meanings.has(id) || tlpOfMarking(id) !== undefined;
  const { marking, unknown } = meanings.get(id) ?? wellKnown(id);
  return isKnown && unknown.length === 0 ? { marking, unknown } : { marking, unknown: [id] };
}

/** Whether all that a definition says is a level of TLP. */
export function isTlpLevel(id: unknown, meanings: Meanings): boolean {
  const { marking, unknown } = meaningOf(id, meanings);
  return marking?.tlp !== undefined && unknown.length === 0;
}

/** Refs without the TLP definitions: the marking says them, and release sets the one that holds in the end. */
export function withoutTlpRefs(object: JsonRecord, meanings: Meanings): JsonRecord {
  const refs = object.object_marking_refs;
  if (!Array.isArray(refs)) return object;
  const kept = refs.filter((ref) => !isTlpLevel(ref, meanings));
  if (kept.length === refs.length) return object;
  const { object_marking_refs: _, ...rest } = object;
  return kept.length === 0 ? rest : { ...rest, object_marking_refs: kept };
}

/** The markings of all objects of a bundle, which is refused with them: through any depth. */
export function markedWithin(bundle: JsonRecord): Marked {
  const objects = [bundle];
  for (const object of objects)
    for (const inner of listOf(object.objects)) if (isJsonRecord(inner)) objects.push(inner);
  const meanings = markingsOf(objects);
  return strictestOf(objects.map((object) => ownMarking(object, meanings)));
}
