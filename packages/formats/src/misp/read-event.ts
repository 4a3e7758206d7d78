import type { Marking, ReaderEvent } from "../draft.ts";
import { drop } from "../drop.ts";
import { isJsonRecord, type JsonRecord, listOf, textOf } from "../json-value.ts";
import { toldOf } from "../stricter-marking.ts";
import { isSet, loseFields, parseAttribute, timeOf, writtenText } from "./attribute.ts";
import { draftAttribute } from "./draft-attribute.ts";
import { draftObject, draftReferences } from "./draft-object.ts";
import { EventReading, type Place } from "./event-reading.ts";
import { draftEventReport } from "./event-report.ts";
import { readGalaxies } from "./galaxies.ts";
import { loseMarked, unknownReason } from "./refuse.ts";
import { markedWithin, readTags } from "./tags.ts";

const THREAT_LEVELS: Readonly<Record<string, string>> = { 1: "high", 2: "medium", 3: "low" };
const ANALYSES: Readonly<Record<string, string>> = { 0: "initial", 1: "ongoing", 2: "completed" };

/** An event becomes a report that holds everything else. `next` is the number of the record after it. */
export function readEvent(event: JsonRecord, place: Place): { events: ReaderEvent[]; next: number } {
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
  const distribution = writtenText(event.distribution);
  for (const [position, input] of listOf(event.Attribute).entries()) {
    const at = `${base}/Attribute/${position}`;
    const attribute = parseAttribute(input, at);
    if (isJsonRecord(input) && isSet(input.deleted))
      loseMarked(at, ["Attribute", "Deleted in MISP"], markedWithin(input), reading);
    else if (attribute === undefined || !isJsonRecord(input)) {
      const reason = "An attribute needs a type and a value, as a string where it has many digits";
      reading.reject(reading.record(at), "not-an-attribute", reason, toldOf(markedWithin(input)));
    } else {
      draftAttribute(attribute, reading);
      loseFields(input, at, distribution, reading);
    }
  }
  const objects = listOf(event.Object);
  for (const [position, input] of objects.entries())
    draftObject(input, `${base}/Object/${position}`, distribution, reading);
  for (const [position, input] of objects.entries())
    draftReferences(input, `${base}/Object/${position}`, reading);
  for (const [position, input] of listOf(event.EventReport).entries())
    draftEventReport(input, `${base}/EventReport/${position}`, reading);
}

function addReport(
  event: JsonRecord,
  name: string,
  labels: string[],
  marking: Marking | undefined,
  reading: EventReading,
): void {
  if (reading.held.size === 0 && reading.heldSilently.size === 0) {
    const told = drop({ marking });
    reading.reject(reading.place, "empty-event", "The event holds nothing that can be carried", told);
    return;
  }
  const organisation = isJsonRecord(event.Orgc) ? textOf(event.Orgc.name) : undefined;
  const level = THREAT_LEVELS[writtenText(event.threat_level_id) ?? ""];
  const analysis = ANALYSES[writtenText(event.analysis) ?? ""];
  const said = [
    ...labels,
    ...(level ? [`threat-level:${level}`] : []),
    ...(analysis ? [`analysis:${analysis}`] : []),
  ];
  const source = drop({
    source_name: "misp",
    external_id: textOf(event.uuid),
    description: organisation === undefined ? undefined : `MISP event of ${organisation}`,
  });
  const object = drop({
    type: "report",
    spec_version: "2.1",
    name,
    published: timeOf(event.date) ?? timeOf(event.publish_timestamp) ?? timeOf(event.timestamp),
    report_types: ["threat-report"],
    // A report names at least one thing (§4.16); one of prose alone names its notes.
    object_refs: reading.held.size > 0 ? [...reading.held] : [...reading.heldSilently],
    labels: said.length > 0 ? [...new Set(said)] : undefined,
    external_references:
      source.external_id === undefined && source.description === undefined
        ? undefined
        : [source, ...reading.references],
  });
  const contains = [...reading.held, ...reading.heldSilently];
  reading.addNamed(reading.place, reading.report, {
    kind: "object",
    object,
    contains,
    ...(marking && { marking }),
  });
}

/** What of an event Suar does not carry, said once each. */
function loseEventFields(event: JsonRecord, reading: EventReading): void {
  const { at } = reading.place;
  const lose = (field: string, reason: string): void => reading.lose(`${at}/${field}`, field, reason);
  if (writtenText(event.distribution) !== undefined)
    lose("distribution", "Sharing follows TLP and the addressed, not MISP's distribution");
  if ((writtenText(event.sharing_group_id) ?? "0") !== "0")
    lose("sharing_group_id", "Name the organisations in to= instead");
  if (textOf(event.event_creator_email) !== undefined)
    lose("event_creator_email", "Personal data is not carried");
  if (textOf(event.extends_uuid) !== undefined) lose("extends_uuid", "Not carried");
  for (const field of ["ShadowAttribute", "RelatedEvent", "CryptographicKey"]) {
    if (listOf(event[field]).length > 0) lose(field, "Not carried");
  }
  if (listOf(event.Attribute).length > 0) lose("Attribute/category", "STIX has no categories of attributes");
}
