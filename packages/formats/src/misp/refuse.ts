import { type Marked, strictestOf, toldOf } from "../stricter-marking.ts";
import type { Attribute } from "./attribute.ts";
import type { EventReading } from "./event-reading.ts";

/** Why something under such labels is not taken. */
export function unknownReason(unknown: readonly string[]): string {
  return `No TLP or PAP level that is known: ${unknown.slice(0, 10).join(", ")}`;
}

/** Refuses what stands under a level that nobody knows: each of the values in it, and itself where it has none. */
export function refuseUnknown(
  at: string,
  values: readonly string[],
  marked: Marked,
  reading: EventReading,
): void {
  const place = reading.record(at);
  const reason = unknownReason(marked.unknown);
  if (values.length === 0) reading.reject(place, "unknown-marking", reason, toldOf(marked));
  for (const raw of values) reading.reject(place, "unknown-marking", reason, { ...toldOf(marked), raw });
}

/**
 * Loses a field that has no place. Where it stands under TLP:RED or a level that nobody knows it is a reject
 * instead, since such a marking counts whether its field can be carried or not.
 */
export function loseMarked(
  at: string,
  [field, reason]: readonly [string, string],
  marked: Marked,
  reading: EventReading,
  values: readonly string[] = [],
): void {
  if (marked.unknown.length > 0) refuseUnknown(at, values, marked, reading);
  else if (marked.marking?.tlp === "red")
    reading.reject(reading.record(at), "not-carried", reason, { marking: marked.marking });
  else reading.lose(at, field, reason);
}

/** What values an attribute would have: both halves of a composite, since others may name one alone. */
export function valuesIn({ type, value }: Pick<Attribute, "type" | "value">): string[] {
  const composite = type.includes("|") || type === "malware-sample";
  return composite ? value.split("|", 2).map((half) => half.trim()) : [value];
}

/** The markings of an attribute, as other code takes them. */
export function markedOf({ marking, unknownMarkings }: Attribute): Marked {
  return { marking, unknown: unknownMarkings };
}

/** The attribute under the strictest of its own markings and those of what it is to carry besides. */
export function underAll(attribute: Attribute, marked: Marked): Attribute {
  const { marking, unknown } = strictestOf([markedOf(attribute), marked]);
  return { ...attribute, marking, unknownMarkings: unknown };
}
