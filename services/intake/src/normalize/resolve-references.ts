import { typeOfLocal } from "@suar/formats";
import { mapReferences, referencesOf, type StixObject } from "@suar/stix";

export type Resolved =
  | {
      ok: true;
      object: StixObject;
      /** References that were left out, as `/object_refs/1: <local>`. */
      losses: string[];
    }
  | { ok: false; code: "dangling-reference"; reason: string };

/** Without these an object says nothing (STIX 2.1 §4, §5). */
const REQUIRED = new Set(["source_ref", "target_ref", "sighting_of_ref", "object_refs", "object_ref"]);

/**
 * Gives references their final ids. A local that stands for a rejected record is left out, and takes the
 * object with it where the object cannot do without. Without names (a table's) there is nothing to do. Ids outside of the submission stay: STIX lets them dangle.
 */
export function resolveReferences(object: StixObject, ids: ReadonlyMap<string, string>): Resolved {
  if (ids.size === 0) return { ok: true, object, losses: [] };
  const references = referencesOf(object);
  const isGone = (ref: string): boolean => !ids.has(ref) && typeOfLocal(ref) !== undefined;
  const final = (ref: string): string | undefined => (isGone(ref) ? undefined : (ids.get(ref) ?? ref));
  if (references.every(({ id }) => final(id) === id)) return { ok: true, object, losses: [] };
  const resolved = mapReferences(object, final);
  for (const name of REQUIRED) {
    if (object[name] !== undefined && resolved[name] === undefined) {
      const reason = `${name} names only records that were rejected`;
      return { ok: false, code: "dangling-reference", reason };
    }
  }
  const losses = references.filter(({ id }) => isGone(id)).map(({ path, id }) => `${path}: ${id}`);
  return { ok: true, object: resolved, losses };
}
