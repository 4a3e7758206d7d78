import { isJsonRecord, listOf, textOf } from "../json-value.ts";
import { type Attribute, isSet, loseFields, parseAttribute } from "./attribute.ts";
import { HASH_NAMES, mappingOf } from "./attribute-types.ts";
import { draftAttribute } from "./draft-attribute.ts";
import type { EventReading } from "./event-reading.ts";
import { draftFile } from "./file.ts";
import { stricterMarking } from "./tags.ts";

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
    reading.reject(reading.record(at), "not-an-object", "Not a MISP object");
    return;
  }
  if (isSet(input.deleted)) {
    reading.lose(at, "Object", "Deleted in MISP");
    return;
  }
  const attributes: Attribute[] = [];
  for (const [position, one] of listOf(input.Attribute).entries()) {
    const place = `${at}/Attribute/${position}`;
    const attribute = parseAttribute(one, place);
    if (attribute === undefined || !isJsonRecord(one))
      reading.lose(place, "Attribute", "Deleted, or without a type or a value");
    else {
      attributes.push(attribute);
      loseFields(one, place, eventDistribution, reading);
    }
  }
  const name = textOf(input.name) ?? "object";
  const object = { at, name, uuid: textOf(input.uuid), comment: textOf(input.comment), attributes };
  const local = name === "file" ? draftFileObject(object, reading) : draftOtherObject(object, reading);
  if (local !== undefined) reading.remember(object.uuid, local);
}

function draftFileObject(object: MispObject, reading: EventReading): string | undefined {
  const marked = object.attributes.filter(({ unknownMarkings }) => unknownMarkings.length > 0);
  const place = reading.record(object.at);
  if (marked.length > 0) {
    const reason = `No TLP or PAP level that is known: ${marked.flatMap(({ unknownMarkings }) => unknownMarkings).join(", ")}`;
    reading.reject(place, "unknown-marking", reason);
    return undefined;
  }
  const found = fileParts(object, reading);
  const description =
    object.comment ??
    object.attributes.find(({ details }) => details.description !== undefined)?.details.description;
  const marking = object.attributes.map((attribute) => attribute.marking).reduce(stricterMarking, undefined);
  const [first] = object.attributes;
  const local = draftFile(
    {
      ...found,
      toIds: object.attributes.some(({ toIds }) => toIds),
      at: object.at,
      key: object.uuid ?? object.at,
      marking,
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
  const title = attributes.find(({ relation }) => relation?.endsWith("rule-name") === true);
  const locals: (string | undefined)[] = [];
  for (const attribute of attributes) {
    const mapping = mappingOf(attribute.type);
    if (mapping?.becomes === "rule" && title !== undefined) {
      locals.push(
        draftAttribute({ ...attribute, details: { ...attribute.details, name: title.value } }, reading),
      );
    } else if (mapping !== undefined && mapping.becomes !== "note")
      locals.push(draftAttribute(attribute, reading));
    else if (attribute !== title && !isPartOfUrl(attribute, attributes)) {
      const field = `${name}.${attribute.relation ?? attribute.type}`;
      reading.lose(attribute.at, field, `Not carried: ${attribute.value.slice(0, 80)}`);
    }
  }
  if (comment !== undefined) {
    reading.lose(`${at}/comment`, `${name}.comment`, `Not carried: ${comment.slice(0, 80)}`);
  }
  return locals.find((local) => local !== undefined);
}

/** The template of URLs repeats what the URL says: nothing is lost with it. */
function isPartOfUrl({ relation, value }: Attribute, siblings: readonly Attribute[]): boolean {
  if (!/^(?:scheme|resource_path|query_string|fragment|port|tld)$/.test(relation ?? "")) return false;
  return siblings.some((sibling) => sibling.type === "url" && sibling.value.includes(value));
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
