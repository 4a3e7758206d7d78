import { isJsonRecord, type JsonRecord, listOf, textOf } from "../json-value.ts";
import { strictestOf, toldOf } from "../stricter-marking.ts";
import { type Attribute, isSet, loseFields, parseAttribute } from "./attribute.ts";
import { HASH_NAMES, mappingOf } from "./attribute-types.ts";
import { isCarriedElsewhere, repeatedIn, withCarried } from "./carried.ts";
import { draftAttribute } from "./draft-attribute.ts";
import type { EventReading } from "./event-reading.ts";
import { draftFile } from "./file.ts";
import { loseMarked, markedOf, refuseUnknown, underAll, valuesIn } from "./refuse.ts";
import { markedWithin, readTags } from "./tags.ts";

type MispObject = {
  at: string;
  name: string;
  uuid: string | undefined;
  comment: string | undefined;
  attributes: Attribute[];
};

/** Turns an object into drafts: a file as one thing, of others what their attributes hold. */
export function draftObject(
  input: unknown,
  at: string,
  eventDistribution: string | undefined,
  reading: EventReading,
): void {
  if (!isJsonRecord(input)) {
    reading.reject(reading.record(at), "not-an-object", "Not a MISP object", toldOf(markedWithin(input)));
    return;
  }
  if (isSet(input.deleted)) {
    loseMarked(at, ["Object", "Deleted in MISP"], markedWithin(input), reading);
    return;
  }
  const attributes = attributesOf(input, at, eventDistribution, reading);
  const name = textOf(input.name) ?? "object";
  const object = { at, name, uuid: textOf(input.uuid), comment: textOf(input.comment), attributes };
  const local = name === "file" ? draftFileObject(object, reading) : draftOtherObject(object, reading);
  if (local !== undefined) reading.remember(object.uuid, local);
}

/** The attributes, each under the tags of the object as well, should it have some. */
function attributesOf(
  input: JsonRecord,
  at: string,
  eventDistribution: string | undefined,
  reading: EventReading,
): Attribute[] {
  const tags = readTags(input);
  const attributes: Attribute[] = [];
  for (const [position, one] of listOf(input.Attribute).entries()) {
    const place = `${at}/Attribute/${position}`;
    const attribute = parseAttribute(one, place);
    if (attribute === undefined || !isJsonRecord(one)) {
      const lost = ["Attribute", "Deleted, or without a type or a value"] as const;
      loseMarked(place, lost, markedWithin(one), reading);
    } else {
      attributes.push(underAll(attribute, tags));
      loseFields(one, place, eventDistribution, reading);
    }
  }
  return attributes;
}

function draftFileObject(object: MispObject, reading: EventReading): string | undefined {
  const marked = strictestOf(object.attributes.map(markedOf));
  if (marked.unknown.length > 0) {
    refuseUnknown(object.at, object.attributes.flatMap(valuesIn), marked, reading);
    return undefined;
  }
  const place = reading.record(object.at);
  const found = fileParts(object, reading);
  const description =
    object.comment ??
    object.attributes.find(({ details }) => details.description !== undefined)?.details.description;
  const [first] = object.attributes;
  const local = draftFile(
    {
      ...found,
      toIds: object.attributes.some(({ toIds }) => toIds),
      at: object.at,
      key: object.uuid ?? object.at,
      marking: marked.marking,
      details: { ...first?.details, ...(description !== undefined && { description }) },
    },
    place,
    reading,
  );
  if (local !== undefined) for (const { uuid } of object.attributes) reading.remember(uuid, local);
  return local;
}

type Found = {
  name: string | undefined;
  hashes: { type: string; value: string }[];
  extra: Record<string, unknown>;
};

/** The fields of MISP's file template that a STIX file has; the others are lost by name. */
function fileParts({ attributes }: MispObject, reading: EventReading): Found {
  const found: Found = { name: undefined, hashes: [], extra: {} };
  for (const { at, type, value, relation } of attributes) {
    const field = relation ?? type;
    if (HASH_NAMES[type] !== undefined) found.hashes.push({ type, value });
    else if (type === "malware-sample") {
      const [name, md5 = ""] = value.split("|");
      found.name ??= name;
      if (md5 !== "") found.hashes.push({ type: "md5", value: md5 });
      reading.lose(at, field, "Files are not carried, only their name and hash");
    } else if (field === "filename" && found.name === undefined) found.name = value;
    else if (type === "size-in-bytes" && /^\d{1,15}$/.test(value)) found.extra.size = Number(value);
    else if (type === "mime-type") found.extra.mime_type = value;
    else reading.lose(at, `file.${field}`, `No place in a file: ${value.slice(0, 80)}`);
  }
  return found;
}

/** Attributes that only make sense within their object are lost by name; the values stand for themselves. */
function draftOtherObject(
  { at, name, comment, attributes }: MispObject,
  reading: EventReading,
): string | undefined {
  const repeated = repeatedIn(attributes);
  const locals: (string | undefined)[] = [];
  for (const attribute of attributes) {
    const mapping = mappingOf(attribute.type);
    if (mapping !== undefined && mapping.becomes !== "note")
      locals.push(draftAttribute(withCarried(attribute, repeated), reading));
    else if (!isCarriedElsewhere(attribute, repeated)) {
      const field = `${name}.${attribute.relation ?? attribute.type}`;
      const reason = `Not carried: ${attribute.value.slice(0, 80)}`;
      loseMarked(attribute.at, [field, reason], markedOf(attribute), reading, valuesIn(attribute));
    }
  }
  if (comment !== undefined) {
    reading.lose(`${at}/comment`, `${name}.comment`, `Not carried: ${comment.slice(0, 80)}`);
  }
  return locals.find((local) => local !== undefined);
}

const RELATIONSHIP_TYPE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** What objects say about each other, once the names of all of them are known. */
export function draftReferences(input: unknown, at: string, reading: EventReading): void {
  if (!isJsonRecord(input) || isSet(input.deleted)) return;
  const source = reading.localOf(textOf(input.uuid));
  for (const [position, reference] of listOf(input.ObjectReference).entries()) {
    if (!isJsonRecord(reference) || isSet(reference.deleted)) continue;
    const place = `${at}/ObjectReference/${position}`;
    const target = reading.localOf(textOf(reference.referenced_uuid));
    const type = textOf(reference.relationship_type) ?? "related-to";
    if (source === undefined || target === undefined)
      reading.lose(place, type, "One of its ends is not carried");
    else if (source === target) reading.lose(place, type, "Both its ends are one object here");
    else {
      const known = RELATIONSHIP_TYPE.test(type);
      const comment = textOf(reference.comment);
      const description = known ? comment : [type, comment].filter((part) => part !== undefined).join(": ");
      reading.relate(reading.record(place), known ? type : "related-to", source, target, description);
    }
  }
}
