import { isObservable } from "@suar/stix";
import { steadyId } from "../steady-id.ts";
import { strictestOf } from "../stricter-marking.ts";
import type { Attribute } from "./attribute.ts";
import { mappingOf } from "./attribute-types.ts";
import { tellCategory } from "./comes-back.ts";
import { draftAttribute } from "./draft-attribute.ts";
import type { EventReading, Place } from "./event-reading.ts";
import { type Filled, fillTemplate, type Typed } from "./fill-template.ts";
import { finishObject } from "./finish-object.ts";
import { draftLeftOver, type MispObject } from "./left-over.ts";
import { attributeName } from "./pairs.ts";
import { markedOf, refuseUnknown, valuesIn } from "./refuse.ts";
import { draftSeenTimes } from "./sightings.ts";
import type { Template } from "./template.ts";

/**
 * Turns an object into the one STIX object that its template names, with the observables that it refers to. What is
 * to be looked for is an indicator besides. Returns its local; undefined where it has not what such an object needs.
 */
export function draftTemplate(
  object: MispObject,
  template: Template,
  reading: EventReading,
): { local: string | undefined } | undefined {
  const marked = strictestOf(object.attributes.map(markedOf));
  if (marked.unknown.length > 0) {
    refuseUnknown(object.at, object.attributes.flatMap(valuesIn), marked, reading);
    return { local: undefined };
  }
  const name = object.uuid ?? `${reading.uuid}${object.at}`;
  const filled = fillTemplate(template, object.attributes, name);
  if (!template.needs.some((property) => filled.object[property] !== undefined)) return undefined;
  const place = reading.record(object.at);
  draftReferred(filled, place, reading);
  const left = finishObject(filled);
  const local = draftWhole(object, filled, name, place, reading);
  for (const field of left) reading.lose(object.at, `${object.name}.${field}`, "Not whole without others");
  for (const { attribute, reason } of filled.lost) {
    const field = `${object.name}.${attribute.relation}`;
    reading.lose(attribute.at, field, `${reason}: ${attribute.value.slice(0, 80)}`);
  }
  if (object.attributes.length === 1 && !object.refers)
    reading.lose(object.at, object.name, "One attribute is written by itself, and within no object");
  draftLookedFor(object, filled, local, reading);
  draftLeftOver(object, filled.rest, reading);
  return { local };
}

function draftReferred({ referred }: Filled, place: Place, reading: EventReading): void {
  for (const { attribute, object } of referred) {
    const key = `${attributeName(attribute)}/referred`;
    reading.draft(place, object.type, key, { kind: "object", object }, attribute.marking);
  }
}

function draftWhole(
  mispObject: MispObject,
  { object, relatives }: Filled,
  name: string,
  place: Place,
  reading: EventReading,
): string {
  const { marking } = strictestOf(mispObject.attributes.map(markedOf));
  for (const [through, relative] of relatives) {
    const id = steadyId(relative, `${name}/${through}`);
    object[through] = id;
    const draft = { kind: "object" as const, object: { ...relative, id } };
    reading.draft(place, relative.type, `${name}/${through}`, draft, marking);
  }
  describe(mispObject, object, reading);
  const draft = { kind: "object" as const, object: named(object, name) };
  const local = reading.draft(place, object.type, name, draft, marking);
  for (const attribute of mispObject.attributes) {
    reading.remember(attribute.uuid, local);
    tellCategory(attribute, reading);
  }
  const { firstSeen, lastSeen, at } = mispObject;
  draftSeenTimes({ firstSeen, lastSeen, at, marking, toIds: false }, local, place, reading);
  return local;
}

function named(object: Typed, name: string): Typed {
  return isObservable(object.type) ? { ...object, id: steadyId(object, name) } : object;
}

/** A comment describes what has a description, as do the tags of its attributes. */
function describe({ comment, attributes, name, at }: MispObject, object: Typed, reading: EventReading): void {
  const labels = [...new Set(attributes.flatMap(({ details }) => details.labels ?? []))];
  if (isObservable(object.type)) {
    if (comment !== undefined)
      reading.lose(`${at}/comment`, `${name}.comment`, `Not carried: ${comment.slice(0, 80)}`);
    if (labels.length > 0) reading.lose(`${at}/Tag`, "Tag", "An observable has no place for labels");
    return;
  }
  const said = [object.description, comment].filter((part) => part !== undefined);
  if (said.length > 0) object.description = said.join("\n");
  const own = Array.isArray(object.labels) ? object.labels : [];
  if (own.length + labels.length > 0) object.labels = [...new Set([...own, ...labels])];
}

/** Each value that is for detection is looked for by itself, as outside of an object. */
function draftLookedFor(
  { attributes, name }: MispObject,
  { rest }: Filled,
  local: string,
  reading: EventReading,
): void {
  const left = new Set(rest);
  for (const attribute of attributes) {
    if (left.has(attribute)) continue;
    if (attribute.toIds && isLookedFor(attribute)) {
      const indicator = draftAttribute(ofCertificate(attribute), reading);
      if (indicator !== undefined) reading.isLookedForBy(local, indicator);
    } else loseAside(attribute, name, reading);
  }
}

const LOOKED_FOR = new Set(["value", "pair", "with-port", "file", "property"]);

function isLookedFor({ type }: Attribute): boolean {
  const mapping = mappingOf(type);
  return LOOKED_FOR.has(mapping?.becomes ?? "");
}

/** Older templates type a certificate's digest as that of a file. */
function ofCertificate(attribute: Attribute): Attribute {
  const { relation = "" } = attribute;
  return relation.startsWith("x509-fingerprint-") ? { ...attribute, type: relation } : attribute;
}

function loseAside(
  { at, details, clusters, sightings, toIds }: Attribute,
  name: string,
  reading: EventReading,
): void {
  if (details.description !== undefined)
    reading.lose(`${at}/comment`, `${name}.comment`, `Not carried: ${details.description.slice(0, 80)}`);
  if (toIds) reading.lose(`${at}/to_ids`, `${name}.to_ids`, "No value that is looked for");
  if (clusters.length > 0) reading.lose(`${at}/Galaxy`, "Galaxy", "Not carried on a part of an object");
  if (sightings.length > 0) reading.lose(`${at}/Sighting`, "Sighting", "Not carried on a part of an object");
}
