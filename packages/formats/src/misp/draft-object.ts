import { isJsonRecord, type JsonRecord, textOf } from "../json-value.ts";
import { typeOfLocal } from "../local-name.ts";
import { strictestOf, toldOf } from "../stricter-marking.ts";
import { type Attribute, loseFields, parseAttribute } from "./attribute.ts";
import { distributionOf, ownDistribution } from "./distribution.ts";
import { draftFileObject } from "./draft-file-object.ts";
import { draftTemplate } from "./draft-template.ts";
import type { EventReading } from "./event-reading.ts";
import { membersOf, underKnownNames, unknownFields } from "./fields.ts";
import { draftLeftOver, type MispObject } from "./left-over.ts";
import { TEMPLATES } from "./object-templates.ts";
import { loseMarked, underAll } from "./refuse.ts";
import { markedWithin, readTags } from "./tags.ts";
import { isSet, timeOf } from "./written-text.ts";

/** Turns an object into drafts: the STIX object that its template names, or what its attributes hold. */
export function draftObject(
  input: unknown,
  at: string,
  around: string | undefined,
  reading: EventReading,
): void {
  if (!isJsonRecord(input)) {
    reading.reject(reading.record(at), "not-an-object", "Not a MISP object", toldOf(markedWithin(input)));
    return;
  }
  const record = underKnownNames(input);
  if (isSet(record.deleted)) {
    loseMarked(at, ["Object", "Deleted in MISP"], markedWithin(record), reading);
    return;
  }
  reading.loseDistribution(record, at, around);
  for (const field of unknownFields(record, "Object"))
    reading.lose(`${at}/${field}`, field, "No field of an object that is known");
  const object: MispObject = {
    at,
    name: textOf(record.name) ?? "object",
    uuid: textOf(record.uuid),
    comment: textOf(record.comment),
    firstSeen: timeOf(record.first_seen),
    lastSeen: timeOf(record.last_seen),
    attributes: attributesOf(record, at, around, reading),
    refers: membersOf(record.ObjectReference).length > 0,
  };
  const local = draftByName(object, reading);
  if (local !== undefined) reading.remember(object.uuid, local);
}

function draftByName(object: MispObject, reading: EventReading): string | undefined {
  if (object.name === "file") return draftFileObject(object, reading);
  const template = TEMPLATES.get(object.name);
  const drafted = template === undefined ? undefined : draftTemplate(object, template, reading);
  return drafted === undefined ? draftParts(object, reading) : drafted.local;
}

/** The attributes, each under the tags of the object as well, should it have some. */
function attributesOf(
  record: JsonRecord,
  at: string,
  around: string | undefined,
  reading: EventReading,
): Attribute[] {
  const tags = readTags(record);
  const own = tags.marking?.tlp === undefined ? ownDistribution(record, around, tags.marking) : tags.marking;
  const within = distributionOf(record) ?? around;
  const attributes: Attribute[] = [];
  for (const { key, value: one } of membersOf(record.Attribute)) {
    const place = `${at}/Attribute/${key}`;
    const attribute = parseAttribute(one, place, within);
    if (attribute === undefined || !isJsonRecord(one)) {
      const lost = ["Attribute", "Deleted, or without a type or a value"] as const;
      loseMarked(place, lost, markedWithin(one), reading);
    } else {
      attributes.push(underAll(attribute, { marking: own, unknown: tags.unknown }));
      loseFields(one, place, within, reading);
    }
  }
  return attributes;
}

function draftParts(object: MispObject, reading: EventReading): string | undefined {
  const { at, name, comment, attributes } = object;
  const drafted = draftLeftOver(
    object,
    attributes.map((one) => seenAs(object, one)),
    reading,
  );
  if (name === "domain-ip") {
    resolve(drafted, at, reading);
    if (!object.refers && isOneSwitch(drafted))
      reading.lose(at, name, "Its names with their addresses are written as attributes");
  } else if (drafted.length > 1 || (drafted.length === 1 && name !== "url"))
    reading.lose(at, name, "No object of STIX says the same: its attributes stand for themselves");
  if (comment !== undefined)
    reading.lose(`${at}/comment`, `${name}.comment`, `Not carried: ${comment.slice(0, 80)}`);
  if ((object.firstSeen ?? object.lastSeen) !== undefined && drafted.length === 0)
    reading.lose(`${at}/first_seen`, `${name}.first_seen`, "Not carried on an object without a counterpart");
  return drafted[0]?.local;
}

/** When an object was seen, so were its parts, unless they say otherwise. */
function seenAs({ firstSeen, lastSeen }: MispObject, attribute: Attribute): Attribute {
  if (firstSeen === undefined || attribute.firstSeen !== undefined) return attribute;
  const details = { ...attribute.details, firstSeen, validFrom: firstSeen };
  return { ...attribute, firstSeen, lastSeen: attribute.lastSeen ?? lastSeen, details };
}

/** An object is written where one of its parts is looked for and another is not. */
function isOneSwitch(drafted: readonly { attribute: Attribute }[]): boolean {
  return new Set(drafted.map(({ attribute }) => attribute.toIds)).size <= 1;
}

/** Each domain of the object resolves to each of its addresses. Between indicators STIX has no such relationship. */
function resolve(
  drafted: readonly { attribute: Attribute; local: string }[],
  at: string,
  reading: EventReading,
): void {
  const isName = ({ attribute: { type } }: { attribute: Attribute }): boolean =>
    /^(?:domain|hostname)$/.test(type);
  const isAddress = ({ attribute: { type } }: { attribute: Attribute }): boolean =>
    /^ip-(?:src|dst)$/.test(type);
  const [names, addresses] = [drafted.filter(isName), drafted.filter(isAddress)];
  if (names.length * addresses.length > MOST_PAIRS) {
    reading.lose(
      at,
      "domain-ip",
      "Too many domains and addresses to say of each pair that they belong together",
    );
    return;
  }
  for (const name of names) {
    for (const address of addresses) {
      const seen = [name, address].every(({ local }) => typeOfLocal(local) !== "indicator");
      const { marking } = strictestOf(
        [name, address].map(({ attribute }) => ({ marking: attribute.marking, unknown: [] })),
      );
      const type = seen ? "resolves-to" : "related-to";
      reading.relate(reading.record(at), type, name.local, address.local, undefined, marking);
    }
  }
}

const MOST_PAIRS = 1_000;
const RELATIONSHIP_TYPE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** What objects say about each other, once the names of all of them are known. */
export function draftReferences(input: unknown, at: string, reading: EventReading): void {
  if (!isJsonRecord(input) || isSet(input.deleted)) return;
  const record = underKnownNames(input);
  const source = reading.localOf(textOf(record.uuid));
  for (const { key, value: reference } of membersOf(record.ObjectReference)) {
    const place = `${at}/ObjectReference/${key}`;
    if (!isJsonRecord(reference)) reading.lose(place, "ObjectReference", "Not a reference");
    else if (isSet(reference.deleted)) reading.lose(place, "ObjectReference", "Deleted in MISP");
    else draftReference(reference, place, source, reading);
  }
}

/** The writer's rule for `domain|ip`, as far as types tell: of two indicators it goes by what they look for. */
function isPair(type: string, source: string, target: string): boolean {
  if (type !== "resolves-to") return false;
  return (
    /^(?:domain-name|indicator)$/.test(typeOfLocal(source) ?? "") &&
    /^(?:ipv[46]-addr|indicator)$/.test(typeOfLocal(target) ?? "")
  );
}

function draftReference(
  reference: JsonRecord,
  place: string,
  source: string | undefined,
  reading: EventReading,
): void {
  const target = reading.localOf(textOf(reference.referenced_uuid) ?? textOf(reference.object_uuid));
  const type = textOf(reference.relationship_type) ?? "related-to";
  if (source === undefined || target === undefined)
    reading.lose(place, type, "One of its ends is not carried");
  else if (source === target) reading.lose(place, type, "Both its ends are one object here");
  else {
    if (isPair(type, source, target)) reading.lose(place, type, "A name with its address is one attribute");
    const known = RELATIONSHIP_TYPE.test(type);
    const comment = textOf(reference.comment);
    const description = known ? comment : [type, comment].filter((part) => part !== undefined).join(": ");
    reading.relate(reading.record(place), known ? type : "related-to", source, target, description);
  }
}
