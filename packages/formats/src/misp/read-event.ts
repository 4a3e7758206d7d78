import type { ReaderEvent } from "../draft.ts";
import { isJsonRecord, type JsonRecord, textOf } from "../json-value.ts";
import { toldOf } from "../stricter-marking.ts";
import { loseFields, parseAttribute } from "./attribute.ts";
import { mappingOf } from "./attribute-types.ts";
import { tellWhatComesBack } from "./comes-back.ts";
import { distributionOf } from "./distribution.ts";
import { draftAttribute } from "./draft-attribute.ts";
import { draftObject, draftReferences } from "./draft-object.ts";
import { EventReading, type Place } from "./event-reading.ts";
import { draftEventReport } from "./event-report.ts";
import { addReport } from "./event-summary.ts";
import { membersOf, underKnownNames, unknownFields } from "./fields.ts";
import { readGalaxies } from "./galaxies.ts";
import { loseMarked, unknownReason } from "./refuse.ts";
import { markedWithin, readTags } from "./tags.ts";
import { isSet, writtenText } from "./written-text.ts";

/** An event becomes a report that holds everything else. `next` is the number of the record after it. */
export function readEvent(input: JsonRecord, place: Place): { events: ReaderEvent[]; next: number } {
  const event = underKnownNames(input);
  const tags = readTags(event);
  const name = textOf(event.info);
  const reading = new EventReading(place, textOf(event.uuid) ?? name ?? place.at, tags.marking);
  if (tags.unknown.length > 0) {
    // The level may be the strictest of all: nothing of the event is taken.
    refuseWhole(event, reading, "unknown-marking", unknownReason(tags.unknown));
    return reading.finished();
  }
  if (name === undefined) {
    refuseWhole(event, reading, "no-title", "A MISP event needs info");
    return reading.finished();
  }
  readContent(event, reading);
  const galaxies = readGalaxies(event.Galaxy, tags.galaxies);
  for (const { local, object } of galaxies.clusters) reading.cluster(place, local, object);
  for (const { at, field } of galaxies.lost)
    reading.lose(`${place.at}/${at}`, field, "Not carried of a galaxy's cluster");
  loseEventFields(event, reading);
  addReport(event, name, [...tags.labels, ...galaxies.labels], tags.marking, reading);
  return reading.finished();
}

/** What is not taken may hold stricter markings than it has itself. */
function refuseWhole(event: JsonRecord, reading: EventReading, code: string, reason: string): void {
  reading.reject(reading.place, code, reason, toldOf(markedWithin(event)));
}

function readContent(event: JsonRecord, reading: EventReading): void {
  const base = reading.place.at;
  const distribution = distributionOf(event);
  for (const { key, value } of membersOf(event.Attribute))
    readAttribute(value, `${base}/Attribute/${key}`, distribution, reading);
  const objects = membersOf(event.Object);
  for (const { key, value } of objects) draftObject(value, `${base}/Object/${key}`, distribution, reading);
  for (const { key, value } of objects) draftReferences(value, `${base}/Object/${key}`, reading);
  for (const { key, value } of membersOf(event.EventReport))
    draftEventReport(value, `${base}/EventReport/${key}`, reading);
}

function readAttribute(
  input: unknown,
  at: string,
  distribution: string | undefined,
  reading: EventReading,
): void {
  const attribute = parseAttribute(input, at, distribution);
  if (isJsonRecord(input) && isSet(input.deleted))
    loseMarked(at, ["Attribute", "Deleted in MISP"], markedWithin(input), reading);
  else if (attribute === undefined || !isJsonRecord(input)) {
    const reason = "An attribute needs a type and a value, as a string where it has many digits";
    reading.reject(reading.record(at), "not-an-attribute", reason, toldOf(markedWithin(input)));
  } else {
    const local = draftAttribute(attribute, reading);
    if (local !== undefined || isCarriedWithout(attribute.type)) tellWhatComesBack(attribute, reading);
    loseFields(input, at, distribution, reading);
  }
}

/** Prose and pages are carried, and have no name that others could refer to. */
function isCarriedWithout(type: string): boolean {
  return /^(?:note|reference)$/.test(mappingOf(type)?.becomes ?? "");
}

/** What of an event Suar does not carry, said once each. */
function loseEventFields(event: JsonRecord, reading: EventReading): void {
  const { at } = reading.place;
  const lose = (field: string, reason: string): void => reading.lose(`${at}/${field}`, field, reason);
  reading.loseDistribution(event, at, undefined);
  if ((writtenText(event.sharing_group_id) ?? "0") !== "0" || membersOf(event.SharingGroup).length > 0)
    lose("sharing_group_id", "Name the organisations in to= instead");
  if (textOf(event.event_creator_email) !== undefined)
    lose("event_creator_email", "Personal data is not carried");
  for (const field of NOT_CARRIED) if (membersOf(event[field]).length > 0) lose(field, "Not carried");
  if (writtenText(event.uuid) !== undefined)
    lose("uuid", "Ids are Suar's own: the event's stands in a reference");
  if (writtenText(event.timestamp) !== undefined)
    lose(
      "timestamp",
      "When it was written last is when it was logged; where no first_seen is said it begins there",
    );
  if (isJsonRecord(event.Orgc))
    lose("Orgc", "Who sends it states it: the organisation is named in a reference");
  for (const field of unknownFields(event, "Event")) lose(field, "No field of an event that is known");
}

const NOT_CARRIED = [
  "ShadowAttribute",
  "RelatedEvent",
  "CryptographicKey",
  "warnings",
  "warninglists",
  "Sighting",
];
