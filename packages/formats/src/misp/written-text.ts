import { isJsonRecord, textOf } from "../json-value.ts";
import { timestampFromText } from "../timestamp-text.ts";
import { membersOf } from "./fields.ts";

/** A text, or a number as it was written; nothing where no number could keep what was written. */
export function writtenText(value: unknown): string | undefined {
  return Number.isFinite(value) ? String(value) : textOf(value);
}

/** `true`, `"1"` and 1 are all written. */
export function isSet(value: unknown): boolean {
  return (
    value === true || value === 1 || (typeof value === "string" && /^(?:1|true|yes)$/i.test(value.trim()))
  );
}

export function timeOf(value: unknown): string | undefined {
  const text = writtenText(value);
  return text === undefined || text === "0" ? undefined : timestampFromText(text);
}

/** When what an indicator looks for was said to be over: the latest of the sightings that say so. */
export function expiryIn(sightings: unknown): string | undefined {
  const times = membersOf(sightings).flatMap(({ value }) =>
    isJsonRecord(value) && writtenText(value.type) === "2" ? (timeOf(value.date_sighting) ?? []) : [],
  );
  return times.sort().at(-1);
}
