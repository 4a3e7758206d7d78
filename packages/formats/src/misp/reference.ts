import { drop } from "../drop.ts";
import { isStricter } from "../stricter-marking.ts";
import type { Attribute } from "./attribute.ts";
import type { EventReading } from "./event-reading.ts";
import { attributeName } from "./pairs.ts";

/** A page about the event is no place that attackers use. */
export function isReference({ type, category, toIds }: Attribute): boolean {
  return type === "url" && category === "External analysis" && !toIds;
}

/**
 * A reference of the report stands under the event's marking. One that is marked more strictly is a note of its
 * own, which the report holds and does not become stricter by.
 */
export function draftReference(attribute: Attribute, reading: EventReading): void {
  const { at, value, marking, details } = attribute;
  const { description } = details;
  if (isStricter(marking, reading.marking)) {
    const content = description === undefined ? value : `${value}\n${description}`;
    reading.note(reading.record(at), attributeName(attribute), { content }, marking);
  } else {
    if (details.labels !== undefined) reading.lose(`${at}/Tag`, "Tag", "A reference has no place for labels");
    if (attribute.clusters.length > 0)
      reading.lose(`${at}/Galaxy`, "Galaxy", "A reference has no place for clusters");
    if (attribute.sightings.length > 0)
      reading.lose(`${at}/Sighting`, "Sighting", "A sighting is of an indicator, and this is none");
    if (attribute.type !== "link")
      reading.loseOnce("Attribute/url", "A page about the event is written back as link");
    reading.references.push(drop({ source_name: "link", url: value, description }));
  }
}
