import type { StixObject } from "../stix-object.ts";
import { isObservable } from "../type/object-types.ts";
import { type Pap, parsePap } from "./pap.ts";
import type { Tlp } from "./tlp.ts";
import { tlpMarkingId, tlpOfMarking } from "./tlp-marking.ts";

/**
 * The object under exactly one TLP 2.0 marking; other markings stay. PAP has no marking in STIX: it is a label, as
 * MISP writes it, where an object may have any.
 */
export function withMarking(
  object: StixObject,
  { tlp, pap }: { tlp: Tlp; pap?: Pap | undefined },
): StixObject {
  const refs: unknown = object.object_marking_refs;
  const others = Array.isArray(refs)
    ? refs.filter((ref) => typeof ref === "string" && tlpOfMarking(ref) === undefined)
    : [];
  const marked = { ...object, object_marking_refs: [...others, tlpMarkingId(tlp)] };
  if (pap === undefined || !mayHaveLabels(object)) return marked;
  const labels = Array.isArray(object.labels) ? (object.labels as string[]) : [];
  if (labels.some((label) => /^pap:/i.test(label) && parsePap(label) === pap)) return marked;
  return {
    ...marked,
    labels: [...labels.filter((label) => !/^pap:/i.test(label)), `PAP:${pap.toUpperCase()}`],
  };
}

/** §3.2: observables and marking definitions have none. */
export function mayHaveLabels({ type }: StixObject): boolean {
  return !isObservable(type) && type !== "marking-definition";
}
