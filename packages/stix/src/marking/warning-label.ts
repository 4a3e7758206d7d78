import type { StixObject } from "../stix-object.ts";
import { mayHaveLabels } from "./with-marking.ts";

/** As MISP writes tags of a taxonomy: a namespace, a predicate and a value, which other tools take as they are. */
const LABEL = /^suar:warning-list="/;

/** Whether a label says that an object was on a warning list when it was released: no word of its producer's. */
export function isWarningLabel(label: string): boolean {
  return LABEL.test(label);
}

/** The object with a label for each warning list that a value of it is on, where an object may have labels (§3.2). */
export function withWarnings(object: StixObject, lists: readonly string[]): StixObject {
  if (lists.length === 0 || !mayHaveLabels(object)) return object;
  const own = Array.isArray(object.labels) ? (object.labels as string[]) : [];
  const added = lists.map((name) => `suar:warning-list="${name.replaceAll('"', "'")}"`);
  return { ...object, labels: [...new Set([...own, ...added])] };
}
