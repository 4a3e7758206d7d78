import type { Marking } from "../draft.ts";
import { drop } from "../drop.ts";
import { isJsonRecord, type JsonRecord, textOf } from "../json-value.ts";
import { ownValue } from "../own-value.ts";
import type { EventReading } from "./event-reading.ts";
import { timeOf, writtenText } from "./written-text.ts";

/** MISP core format §2.2.1: levels and states by their numbers. */
const THREAT_LEVELS: Readonly<Record<string, string>> = {
  1: "high",
  2: "medium",
  3: "low",
  4: "undefined",
};
const ANALYSES: Readonly<Record<string, string>> = { 0: "initial", 1: "ongoing", 2: "completed" };

/** The report that stands for the event, and holds what came of it. */
export function addReport(
  event: JsonRecord,
  name: string,
  labels: readonly string[],
  marking: Marking | undefined,
  reading: EventReading,
): void {
  if (reading.held.size === 0 && reading.heldSilently.size === 0) {
    const told = drop({ marking });
    reading.reject(reading.place, "empty-event", "The event holds nothing that can be carried", told);
    return;
  }
  const said = [...labels, ...levelsOf(event)];
  const references = [...sourcesOf(event), ...reading.references];
  const object = drop({
    type: "report",
    spec_version: "2.1",
    name,
    published: timeOf(event.date) ?? timeOf(event.publish_timestamp) ?? timeOf(event.timestamp),
    report_types: ["threat-report"],
    // A report names at least one thing (§4.16); one of prose alone names its notes.
    object_refs: reading.held.size > 0 ? [...reading.held] : [...reading.heldSilently],
    labels: said.length > 0 ? [...new Set(said)] : undefined,
    external_references: references.length > 0 ? references : undefined,
  });
  const contains = [...reading.held, ...reading.heldSilently];
  const draft = { kind: "object" as const, object, contains, ...(marking && { marking }) };
  reading.addNamed(reading.place, reading.report, draft);
}

function levelsOf(event: JsonRecord): string[] {
  const level = ownValue(THREAT_LEVELS, writtenText(event.threat_level_id) ?? "");
  const analysis = ownValue(ANALYSES, writtenText(event.analysis) ?? "");
  return [...(level ? [`threat-level:${level}`] : []), ...(analysis ? [`analysis:${analysis}`] : [])];
}

/** Where the event comes from, and which one it extends. */
function sourcesOf(event: JsonRecord): { source_name: string; external_id?: string; description?: string }[] {
  const organisation = isJsonRecord(event.Orgc) ? textOf(event.Orgc.name) : undefined;
  const source = drop({
    source_name: "misp",
    external_id: textOf(event.uuid),
    description: organisation === undefined ? undefined : `MISP event of ${organisation}`,
  });
  const extended = textOf(event.extends_uuid);
  return [
    ...(source.external_id === undefined && source.description === undefined ? [] : [source]),
    ...(extended === undefined
      ? []
      : [{ source_name: "misp", external_id: extended, description: "The MISP event that it extends" }]),
  ];
}
