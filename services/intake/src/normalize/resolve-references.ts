import { typeOfLocal } from "@suar/formats";
import {
  mapReferences,
  referencesOf,
  type StixObject,
  type Tlp,
  tlpMarkingId,
  tlpOfMarking,
} from "@suar/stix";

export type Resolved =
  | {
      ok: true;
      object: StixObject /** References that were left out, as `object_refs: <local>`. */;
      losses: string[];
    }
  | { ok: false; code: "dangling-reference"; reason: string };

/** Without these an object says nothing (STIX 2.1 §4, §5). */
const REQUIRED = new Set(["source_ref", "target_ref", "sighting_of_ref", "object_refs", "object_ref"]);

/**
 * Gives references their final ids. A local that stands for a rejected record is left out, and takes the
 * object with it where the object cannot do without. Ids outside of the submission stay: STIX lets them dangle.
 */
export function resolveReferences(object: StixObject, ids: ReadonlyMap<string, string>): Resolved {
  const references = referencesOf(object);
  const isGone = (ref: string): boolean => !ids.has(ref) && typeOfLocal(ref) !== undefined;
  const final = (ref: string): string => ids.get(ref) ?? ref;
  const gone = references.filter(({ id }) => isGone(id));
  if (gone.length === 0) {
    const same = references.every(({ id }) => final(id) === id);
    return { ok: true, object: same ? object : mapReferences(object, final), losses: [] };
  }
  const kept: Record<string, unknown> = {};
  const losses: string[] = [];
  for (const [name, value] of Object.entries(object)) {
    const left = name.endsWith("_ref") || name.endsWith("_refs") ? without(value, isGone) : value;
    if (left !== undefined) kept[name] = left;
    else if (REQUIRED.has(name)) {
      return {
        ok: false,
        code: "dangling-reference",
        reason: `${name} names only records that were rejected`,
      };
    }
  }
  for (const { path, id } of gone) losses.push(`${path}: ${id}`);
  const resolved = mapReferences(kept as StixObject, final);
  // What is nested (in extensions, say) cannot be left out without knowing what it is for.
  if (referencesOf(resolved).some(({ id }) => isGone(id))) {
    return { ok: false, code: "dangling-reference", reason: "It names a record that was rejected" };
  }
  return { ok: true, object: resolved, losses };
}

function without(value: unknown, isGone: (ref: string) => boolean): unknown {
  if (typeof value === "string") return isGone(value) ? undefined : value;
  if (!Array.isArray(value)) return value;
  const left = value.filter((ref) => typeof ref !== "string" || !isGone(ref));
  return left.length === 0 ? undefined : left;
}

/** The object under exactly one TLP 2.0 marking; other markings stay. */
export function withMarking(object: StixObject, tlp: Tlp): StixObject {
  const refs: unknown = object.object_marking_refs;
  const others = Array.isArray(refs)
    ? refs.filter((ref) => typeof ref === "string" && tlpOfMarking(ref) === undefined)
    : [];
  return { ...object, object_marking_refs: [...others, tlpMarkingId(tlp)] };
}
