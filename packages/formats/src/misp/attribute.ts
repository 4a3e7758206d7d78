import type { Marking, ValueDetails } from "../draft.ts";
import { drop } from "../drop.ts";
import { isJsonRecord, type JsonRecord, listOf, textOf } from "../json-value.ts";
import { readLabelLines } from "../marking-label.ts";
import { strictestOf } from "../stricter-marking.ts";
import { timestampFromText } from "../timestamp-text.ts";
import type { EventReading } from "./event-reading.ts";
import { type Cluster, readGalaxies } from "./galaxies.ts";
import { readTags } from "./tags.ts";

/** A MISP attribute, as far as Suar understands it. */
export type Attribute = {
  at: string;
  uuid: string | undefined;
  type: string;
  value: string;
  category: string | undefined;
  relation: string | undefined;
  toIds: boolean;
  marking: Marking | undefined;
  unknownMarkings: readonly string[];
  clusters: Cluster[];
  details: ValueDetails;
};

/** Types whose value is for people to read: a line of it may be a marking. */
const PROSE: ReadonlySet<string> = new Set(["text", "comment", "other"]);

/** Nothing when it is no attribute, or a deleted one. */
export function parseAttribute(input: unknown, at: string): Attribute | undefined {
  if (!isJsonRecord(input) || isSet(input.deleted)) return undefined;
  const type = textOf(input.type);
  const value = writtenText(input.value);
  if (type === undefined || value === undefined) return undefined;
  const tags = readTags(input);
  const said = [textOf(input.comment), PROSE.has(type) ? value : undefined].map((text) =>
    readLabelLines(text ?? ""),
  );
  const { marking, unknown } = strictestOf([tags, ...said]);
  const galaxies = readGalaxies(input.Galaxy, tags.galaxies);
  const labels = [...new Set([...tags.labels, ...galaxies.labels])];
  const firstSeen = timeOf(input.first_seen);
  return {
    at,
    uuid: textOf(input.uuid),
    type,
    value,
    category: textOf(input.category),
    relation: textOf(input.object_relation),
    toIds: isSet(input.to_ids),
    marking,
    unknownMarkings: unknown,
    clusters: galaxies.clusters,
    details: drop({
      description: textOf(input.comment),
      labels: labels.length > 0 ? labels : undefined,
      firstSeen,
      // When nobody says since when, MISP's own time of the attribute is the best that is known.
      validFrom: firstSeen ?? timeOf(input.timestamp),
    }),
  };
}

/** Fields of an attribute that have no place in STIX, or that Suar does not follow. */
export function loseFields(
  input: JsonRecord,
  at: string,
  eventDistribution: string | undefined,
  reading: EventReading,
): void {
  const distribution = writtenText(input.distribution);
  if (distribution !== undefined && distribution !== "5" && distribution !== eventDistribution) {
    reading.lose(
      `${at}/distribution`,
      "distribution",
      "Sharing follows TLP and the addressed, not MISP's distribution",
    );
  }
  if (timeOf(input.last_seen) !== undefined)
    reading.lose(`${at}/last_seen`, "last_seen", "An indicator has no place for it");
  for (const field of ["ShadowAttribute", "Sighting"]) {
    if (listOf(input[field]).length > 0) reading.lose(`${at}/${field}`, field, "Not carried");
  }
  if (typeof input.data === "string" && input.data !== "")
    reading.lose(`${at}/data`, "data", "Files are not carried");
}

/** `true`, `"1"` and 1 are all written. */
export function isSet(value: unknown): boolean {
  return value === true || value === 1 || value === "1" || value === "true";
}

/** A text, or a number as it was written; nothing where no number could keep what was written. */
export function writtenText(value: unknown): string | undefined {
  return Number.isFinite(value) ? String(value) : textOf(value);
}

export function timeOf(value: unknown): string | undefined {
  const text = writtenText(value);
  return text === undefined || text === "0" ? undefined : timestampFromText(text);
}
