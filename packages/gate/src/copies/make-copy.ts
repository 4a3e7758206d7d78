import { type Outcome, type Redaction, type RedactionKeys, redactObject, type Victims } from "@suar/policy";
import { mapReferences, parseStixObject, type StixObject } from "@suar/stix";
import { personalContext } from "../decide/subject-of.ts";

/**
 * How a copy differs from its original: what policy leaves out or disguises, and how it speaks of what the object
 * names (by another id, or not at all; what is not among the renames stays). `outcome` is what said so, `victims` by what it
 * was found.
 */
export type View = {
  redactions: readonly Redaction[];
  renames: ReadonlyMap<string, string | undefined>;
  outcome: Outcome;
  victims: Victims | undefined;
};

/** What copies are made with. `author` is the identity that a report is about once nothing else is left. */
export type CopyKeys = { redaction: RedactionKeys; author: string };

/**
 * The copy of an object under a view, bearing the original's id yet; undefined when STIX says that nothing is left.
 * A report names at least one thing (§4.16): one that loses them all is about its author.
 *
 * Policy's redactions leave a valid object or none, and another id in a place for ids is as good as the first. Only a
 * name that goes can take away what STIX needs, so that only such a copy is looked at again.
 */
export function makeCopy(object: StixObject, view: View, keys: CopyKeys): StixObject | undefined {
  const { redactions, renames, victims } = view;
  const left =
    redactions.length === 0
      ? object
      : redactObject(object, redactions, keys.redaction, personalContext(victims));
  if (left === undefined || renames.size === 0) return left;
  let isLosing = false;
  const mapped = mapReferences(left, (ref) => {
    if (!renames.has(ref)) return ref;
    const shown = renames.get(ref);
    isLosing ||= shown === undefined;
    return shown;
  });
  if (!isLosing) return mapped;
  const isEmptied = object.type === "report" && mapped.object_refs === undefined;
  const copy = isEmptied ? { ...mapped, object_refs: [object.created_by_ref ?? keys.author] } : mapped;
  return parseStixObject(copy).ok ? copy : undefined;
}
