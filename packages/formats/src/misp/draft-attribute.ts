import type { ObservableKind } from "@suar/stix";
import { typeOfLocal } from "../local-name.ts";
import { canonicalOf, kindAmong } from "../value-kind.ts";
import type { Attribute } from "./attribute.ts";
import { type AttributeMapping, mappingOf } from "./attribute-types.ts";
import {
  draftFileAttribute,
  draftProperty,
  draftRegistryValue,
  draftRule,
  draftSoftware,
  draftVulnerability,
} from "./draft-thing.ts";
import { draftPair, draftValue, draftWithPort } from "./draft-value.ts";
import type { EventReading, Place } from "./event-reading.ts";
import { whyLost } from "./lost-types.ts";
import { attributeName } from "./pairs.ts";
import { draftReference, isReference } from "./reference.ts";
import { loseMarked, markedOf, refuseUnknown, valuesIn } from "./refuse.ts";
import { draftSeenTimes, draftSightings } from "./sightings.ts";

/**
 * Turns one attribute into drafts, and ties them to the clusters, the times and the sightings it carries. `to_ids`
 * makes an indicator of it, else it was only seen. Returns the local that stands for the attribute.
 */
export function draftAttribute(attribute: Attribute, reading: EventReading): string | undefined {
  const marked = markedOf(attribute);
  if (marked.unknown.length > 0) {
    refuseUnknown(attribute.at, valuesIn(attribute), marked, reading);
    return undefined;
  }
  const mapping = mappingOf(attribute.type);
  if (mapping === undefined || isFragment(attribute, mapping)) {
    const why = mapping === undefined ? whyLost(attribute.type) : "It is no whole one";
    const reason = `Attributes of type ${attribute.type} have no place: ${why}: ${attribute.value.slice(0, 80)}`;
    loseMarked(attribute.at, [attribute.type, reason], marked, reading);
    return undefined;
  }
  if (mapping.becomes === "reference" || isReference(attribute)) {
    draftReference(attribute, reading);
    return undefined;
  }
  const place = reading.record(attribute.at);
  const local = draftMapped(attribute, mapping, place, reading);
  if (local === undefined) return undefined;
  reading.remember(attribute.uuid, local);
  tieToClusters(attribute, local, place, reading);
  draftSeenTimes(attribute, local, place, reading);
  draftSightings(attribute, local, reading);
  return local;
}

function isFragment({ value }: Attribute, mapping: AttributeMapping): boolean {
  return mapping.becomes === "value" && mapping.orLost === true && !isValue(value, mapping.kinds);
}

function isValue(value: string, kinds: readonly ObservableKind[]): boolean {
  const kind = kindAmong(value, kinds);
  return kind !== undefined && canonicalOf(kind, value).ok;
}

export function tieToClusters(
  { clusters, marking }: Pick<Attribute, "clusters" | "marking">,
  local: string,
  place: Place,
  reading: EventReading,
): void {
  const type = typeOfLocal(local);
  for (const { local: cluster, object } of clusters) {
    reading.cluster(place, cluster, object, marking);
    const relationship = type === "indicator" ? indicates(cluster) : "related-to";
    reading.relate(place, relationship, local, cluster, undefined, marking);
  }
}

// §4.7: what an indicator may indicate.
const INDICATED = new Set(
  "attack-pattern campaign infrastructure intrusion-set malware threat-actor tool".split(" "),
);

function indicates(cluster: string): string {
  return INDICATED.has(typeOfLocal(cluster) ?? "") ? "indicates" : "related-to";
}

function draftMapped(
  attribute: Attribute,
  mapping: AttributeMapping,
  place: Place,
  reading: EventReading,
): string | undefined {
  switch (mapping.becomes) {
    case "value": {
      const toIds = attribute.toIds && mapping.seen !== true;
      return draftValue({ ...attribute, toIds }, mapping.kinds, place, reading);
    }
    case "pair":
      return draftPair(attribute, mapping.kinds, place, reading);
    case "with-port":
      return draftWithPort(attribute, mapping.kinds, place, reading);
    case "file":
      return draftFileAttribute(attribute, mapping, place, reading);
    case "rule":
      return draftRule(attribute, mapping.language, place, reading);
    case "registry-value":
      return draftRegistryValue(attribute, place, reading);
    case "property":
      return draftProperty(attribute, mapping, place, reading);
    case "software":
      return draftSoftware(attribute, place, reading);
    case "vulnerability":
      return draftVulnerability(attribute, place, reading);
    case "note":
      return draftNote(attribute, place, reading);
    case "reference":
      return undefined;
  }
}

function draftNote(attribute: Attribute, place: Place, reading: EventReading): undefined {
  const abstract = attribute.details.description ?? attribute.category;
  reading.note(place, attributeName(attribute), { content: attribute.value, abstract }, attribute.marking);
}
