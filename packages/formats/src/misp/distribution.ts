import type { Marking } from "../draft.ts";
import type { JsonRecord } from "../json-value.ts";
import { writtenText } from "./written-text.ts";

/** MISP core format §2.2.1: who of a sharing MISP gets a record. */
const ORGANISATION = "0";
const SHARING_GROUP = "4";
const INHERITED = "5";

/**
 * The marking of a record that has no TLP of its own and is distributed less widely than what it stands in: to one
 * organisation, or to a group, it goes to those that are named and no further.
 */
export function ownDistribution(
  record: JsonRecord,
  around: string | undefined,
  marking: Marking | undefined,
): Marking | undefined {
  const own = distributionOf(record);
  if (own === undefined || around === undefined || own === around) return marking;
  return own === ORGANISATION || own === SHARING_GROUP ? { ...marking, tlp: "amber+strict" } : marking;
}

/** What a record says itself: nothing where it inherits. */
export function distributionOf({ distribution }: JsonRecord): string | undefined {
  const own = writtenText(distribution);
  return own === INHERITED ? undefined : own;
}

/** Why it is told: sharing follows other words here. */
export function distributionReason(distribution: string, within: boolean): string {
  const base = "Sharing follows TLP and the addressed, not MISP's distribution";
  if (distribution !== ORGANISATION && distribution !== SHARING_GROUP) return base;
  const who = distribution === ORGANISATION ? "one organisation" : "a sharing group";
  return within ? `${base}: to ${who}, it is TLP:AMBER+STRICT unless it is tagged` : `${base} (here: ${who})`;
}
