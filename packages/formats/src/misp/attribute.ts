import type { Marking, ValueDetails } from "../draft.ts";
import { drop } from "../drop.ts";
import { isJsonRecord, type JsonRecord, textOf } from "../json-value.ts";
import { readLabelLines } from "../marking-label.ts";
import { strictestOf } from "../stricter-marking.ts";
import { mappingOf } from "./attribute-types.ts";
import { ownDistribution } from "./distribution.ts";
import type { EventReading } from "./event-reading.ts";
import { type Member, membersOf, underKnownNames, unknownFields } from "./fields.ts";
import { type Cluster, readGalaxies } from "./galaxies.ts";
import { readTags } from "./tags.ts";
import { expiryIn, isSet, timeOf, writtenText } from "./written-text.ts";

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
  firstSeen: string | undefined;
  lastSeen: string | undefined;
  sightings: readonly Member[];
  details: ValueDetails;
};

/** Types whose value is for people to read: a line of it may be a marking. */
const PROSE: ReadonlySet<string> = new Set(["text", "comment", "other"]);

/** Nothing when it is no attribute, or a deleted one. `around`: the distribution of what it stands in. */
export function parseAttribute(input: unknown, at: string, around?: string): Attribute | undefined {
  if (!isJsonRecord(input)) return undefined;
  const record = underKnownNames(input);
  if (isSet(record.deleted)) return undefined;
  const type = knownType(textOf(record.type));
  const value = writtenValue(record);
  if (type === undefined || value === undefined) return undefined;
  const tags = readTags(record);
  const comment = textOf(record.comment);
  const said = [comment, PROSE.has(type) ? value : undefined].map((text) => readLabelLines(text ?? ""));
  const { marking, unknown } = strictestOf([tags, ...said]);
  const galaxies = readGalaxies(record.Galaxy, tags.galaxies);
  const labels = [...new Set([...tags.labels, ...galaxies.labels])];
  const firstSeen = timeOf(record.first_seen);
  // When nobody says since when, MISP's own time of the attribute is the best that is known.
  const validFrom = firstSeen ?? timeOf(record.timestamp);
  const expiry = expiryIn(record.Sighting);
  return {
    at,
    uuid: textOf(record.uuid),
    type,
    value,
    category: textOf(record.category),
    relation: textOf(record.object_relation),
    toIds: isSet(record.to_ids),
    marking: marking?.tlp === undefined ? ownDistribution(record, around, marking) : marking,
    unknownMarkings: unknown,
    clusters: galaxies.clusters,
    firstSeen,
    lastSeen: timeOf(record.last_seen),
    sightings: membersOf(record.Sighting),
    details: drop({
      description: comment,
      labels: labels.length > 0 ? labels : undefined,
      firstSeen,
      validFrom,
      validUntil:
        expiry !== undefined && (validFrom === undefined || expiry > validFrom) ? expiry : undefined,
    }),
  };
}

/** The type as the published list spells it. */
function knownType(type: string | undefined): string | undefined {
  if (type === undefined || mappingOf(type) !== undefined) return type;
  const lower = type.toLowerCase();
  return lower === "as" ? "AS" : lower;
}

/** Older tools write the halves of a composite apart. */
function writtenValue({ value, value1, value2 }: JsonRecord): string | undefined {
  const written = writtenText(value);
  if (written !== undefined || value !== undefined) return written;
  const halves = [writtenText(value1), writtenText(value2)].filter((half) => half !== undefined);
  return halves.length === 0 ? undefined : halves.join("|");
}

/** Fields of an attribute that have no place in STIX, or that Suar does not follow. */
export function loseFields(
  input: JsonRecord,
  at: string,
  around: string | undefined,
  reading: EventReading,
): void {
  const record = underKnownNames(input);
  reading.loseDistribution(record, at, around);
  for (const field of ["ShadowAttribute", "warnings", "warninglists"]) {
    if (membersOf(record[field]).length > 0) reading.lose(`${at}/${field}`, field, "Not carried");
  }
  for (const lost of readGalaxies(record.Galaxy, readTags(record).galaxies).lost)
    reading.lose(`${at}/${lost.at}`, lost.field, "Not carried of a galaxy's cluster");
  if (typeof record.data === "string" && record.data !== "")
    reading.lose(`${at}/data`, "data", "Files are not carried");
  for (const field of unknownFields(record, "Attribute"))
    reading.lose(`${at}/${field}`, field, "No field of an attribute that is known");
}
