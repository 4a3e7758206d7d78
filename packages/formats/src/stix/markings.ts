import { type Pap, parsePap, parseTlp, stricterTlp, type Tlp, tlpOfMarking } from "@suar/stix";
import type { Marking } from "../draft.ts";
import { isJsonRecord, type JsonRecord, listOf, textOf } from "../json-value.ts";

/** What a marking definition means: a TLP level, other terms, or a TLP level that nobody knows. */
export type MarkingMeaning = { tlp: Tlp } | "other" | "unknown-tlp";

const TLP_2_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/** What the marking definitions of a bundle mean, whatever their ids: producers mint their own for TLP. */
export function markingsOf(objects: readonly unknown[]): ReadonlyMap<string, MarkingMeaning> {
  const meanings = new Map<string, MarkingMeaning>();
  for (const object of objects) {
    if (!isJsonRecord(object) || object.type !== "marking-definition") continue;
    const id = textOf(object.id);
    if (id !== undefined) meanings.set(id, meaningOf(id, object));
  }
  return meanings;
}

function meaningOf(id: string, definition: JsonRecord): MarkingMeaning {
  const wellKnown = tlpOfMarking(id);
  if (wellKnown !== undefined) return { tlp: wellKnown };
  const level = tlpText(definition);
  if (level === undefined) return "other";
  const tlp = parseTlp(level);
  return tlp === undefined ? "unknown-tlp" : { tlp };
}

/** The level as the definition writes it: TLP 2 in an extension, TLP 1 in `definition` (STIX 2.1 §7.2.1.4). */
function tlpText(definition: JsonRecord): string | undefined {
  const extensions = definition.extensions;
  const second = isJsonRecord(extensions) ? extensions[TLP_2_EXTENSION] : undefined;
  if (isJsonRecord(second)) return textOf(second.tlp_2_0) ?? "";
  const body = definition.definition;
  if (definition.definition_type === "tlp") return (isJsonRecord(body) ? textOf(body.tlp) : undefined) ?? "";
  // Some platforms write AMBER+STRICT as a statement or only as a name.
  const named = isJsonRecord(body) ? textOf(body.statement) : undefined;
  return [textOf(definition.name), named].find((text) => text !== undefined && /^tlp:/i.test(text));
}

export type OwnMarking = { marking: Marking | undefined; unknown: string[]; widened: boolean };

/**
 * The marking of an object: the strictest TLP of its refs, granular markings and `tlp:` labels. A granular TLP
 * holds for the whole object, since Suar shares objects whole.
 */
export function ownMarking(object: JsonRecord, meanings: ReadonlyMap<string, MarkingMeaning>): OwnMarking {
  const unknown: string[] = [];
  let tlp: Tlp | undefined;
  const take = (ref: unknown): boolean => {
    if (typeof ref !== "string") return false;
    const meaning = meanings.get(ref);
    if (meaning === "unknown-tlp") unknown.push(ref);
    const level = tlpOfMarking(ref) ?? (typeof meaning === "object" ? meaning.tlp : undefined);
    if (level === undefined) return false;
    const stricter = tlp === undefined ? level : stricterTlp(tlp, level);
    const changed = stricter !== tlp;
    tlp = stricter;
    return changed;
  };
  for (const ref of listOf(object.object_marking_refs)) take(ref);
  const granular = listOf(object.granular_markings).map((one) => isJsonRecord(one) && take(one.marking_ref));
  const labelled = labelledMarking(object);
  if (labelled.tlp !== undefined) tlp = tlp === undefined ? labelled.tlp : stricterTlp(tlp, labelled.tlp);
  const marking = { ...(tlp && { tlp }), ...(labelled.pap && { pap: labelled.pap }) };
  return {
    marking: Object.keys(marking).length === 0 ? undefined : marking,
    unknown: [...unknown, ...labelled.unknown],
    widened: granular.includes(true),
  };
}

function labelledMarking(object: JsonRecord): {
  tlp?: Tlp | undefined;
  pap?: Pap | undefined;
  unknown: string[];
} {
  let tlp: Tlp | undefined;
  let pap: Pap | undefined;
  const unknown: string[] = [];
  for (const label of listOf(object.labels)) {
    if (typeof label !== "string") continue;
    if (/^tlp:/i.test(label)) {
      const level = parseTlp(label);
      if (level === undefined) unknown.push(label);
      else tlp = tlp === undefined ? level : stricterTlp(tlp, level);
    } else if (/^pap:/i.test(label)) pap ??= parsePap(label);
  }
  return { tlp, pap, unknown };
}

/** Refs without the TLP definitions: the marking says them, and release sets the one that holds in the end. */
export function withoutTlpRefs(
  object: JsonRecord,
  meanings: ReadonlyMap<string, MarkingMeaning>,
): JsonRecord {
  const refs = object.object_marking_refs;
  if (!Array.isArray(refs)) return object;
  const isTlp = (ref: unknown): boolean =>
    typeof ref === "string" && (tlpOfMarking(ref) !== undefined || typeof meanings.get(ref) === "object");
  const kept = refs.filter((ref) => !isTlp(ref));
  if (kept.length === refs.length) return object;
  const { object_marking_refs: _, ...rest } = object;
  return kept.length === 0 ? rest : { ...rest, object_marking_refs: kept };
}
