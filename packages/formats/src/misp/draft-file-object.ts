import { ownValue } from "../own-value.ts";
import { steadyId } from "../steady-id.ts";
import { strictestOf } from "../stricter-marking.ts";
import { mappingOf } from "./attribute-types.ts";
import { tieToClusters } from "./draft-attribute.ts";
import type { EventReading, Place } from "./event-reading.ts";
import { draftFile } from "./file.ts";
import { HASH_NAMES } from "./hash-names.ts";
import { draftLeftOver, type MispObject } from "./left-over.ts";
import { markedOf, refuseUnknown, valuesIn } from "./refuse.ts";
import { draftSeenTimes, draftSightings } from "./sightings.ts";

/** A file as one thing: its names and digests, and one indicator of any of them where one is for detection. */
export function draftFileObject(object: MispObject, reading: EventReading): string | undefined {
  const marked = strictestOf(object.attributes.map(markedOf));
  if (marked.unknown.length > 0) {
    refuseUnknown(object.at, object.attributes.flatMap(valuesIn), marked, reading);
    return undefined;
  }
  const found = fileParts(object, reading);
  if (found.name === undefined && found.hashes.length === 0) {
    // Without either it is no file of STIX (§6.7): a rule or a fingerprint of it stands for itself.
    const drafted = draftLeftOver(object, object.attributes, reading);
    return drafted[0]?.local;
  }
  const place = reading.record(object.at);
  const described = object.attributes.find(({ details }) => details.description !== undefined);
  const description = object.comment ?? described?.details.description;
  const [first] = object.attributes;
  const labels = [...new Set(object.attributes.flatMap(({ details }) => details.labels ?? []))];
  const key = object.uuid ?? object.at;
  const parts = {
    ...found,
    extra: withDirectory(found, key, place, marked.marking, reading),
    toIds: object.attributes.some(({ toIds }) => toIds),
    at: object.at,
    key,
    marking: marked.marking,
    details: {
      ...first?.details,
      ...(description !== undefined && { description }),
      ...(labels.length > 0 && { labels }),
      ...(object.firstSeen !== undefined && { validFrom: object.firstSeen }),
    },
  };
  const local = draftFile(parts, place, reading);
  if (local !== undefined) tie(object, local, parts, place, reading);
  return local;
}

function tie(
  { attributes, firstSeen, lastSeen, at }: MispObject,
  local: string,
  { toIds, marking }: { toIds: boolean; marking: Parameters<typeof tieToClusters>[0]["marking"] },
  place: Place,
  reading: EventReading,
): void {
  const target = reading.indicatorOf(local);
  const clusters = new Map(attributes.flatMap((one) => one.clusters).map((one) => [one.local, one]));
  tieToClusters({ clusters: [...clusters.values()], marking }, target, place, reading);
  draftSeenTimes({ firstSeen, lastSeen, at, marking, toIds }, local, place, reading);
  for (const attribute of attributes) {
    reading.remember(attribute.uuid, local);
    draftSightings(attribute, local, reading);
  }
}

type Found = {
  name: string | undefined;
  hashes: { type: string; value: string }[];
  path: string | undefined;
  extra: Record<string, unknown>;
};

/** The fields of MISP's file template that a STIX file has; the others are lost by name. */
function fileParts(object: MispObject, reading: EventReading): Found {
  const found: Found = { name: undefined, hashes: [], path: undefined, extra: {} };
  for (const attribute of object.attributes) {
    const { at, type, value, relation } = attribute;
    const field = relation ?? type;
    if (ownValue(HASH_NAMES, type) !== undefined) found.hashes.push({ type, value });
    else if (type === "malware-sample") {
      const [name, md5 = ""] = value.split("|");
      found.name ??= name;
      if (md5 !== "" && !found.hashes.some((one) => one.type === "md5"))
        found.hashes.push({ type: "md5", value: md5 });
      reading.lose(at, field, "Files are not carried, only their name and hash");
    } else if (type === "filename" && found.name === undefined) found.name = value;
    else if (field === "fullpath" && found.path === undefined) takeFullPath(found, value);
    else if (field === "path" && found.path === undefined) found.path = value;
    else if (type === "size-in-bytes" && /^\d{1,15}$/.test(value)) found.extra.size = Number(value);
    else if (type === "mime-type") found.extra.mime_type = value;
    else loseOrDraft(object, attribute, reading);
  }
  return found;
}

function loseOrDraft(
  object: MispObject,
  attribute: MispObject["attributes"][number],
  reading: EventReading,
): void {
  const { at, type, value, relation } = attribute;
  // A rule that finds the file, or the digest of its certificate.
  if (/^(?:rule|property)$/.test(mappingOf(type)?.becomes ?? "")) draftLeftOver(object, [attribute], reading);
  else reading.lose(at, `file.${relation ?? type}`, `No place in a file: ${value.slice(0, 80)}`);
}

function takeFullPath(found: Found, value: string): void {
  const end = Math.max(value.lastIndexOf("/"), value.lastIndexOf("\\"));
  if (end > 0) found.path = value.slice(0, end);
  if (end < value.length - 1) found.name ??= value.slice(end + 1);
}

function withDirectory(
  { path, extra }: Found,
  key: string,
  place: Place,
  marking: Parameters<typeof tieToClusters>[0]["marking"],
  reading: EventReading,
): Record<string, unknown> {
  if (path === undefined) return extra;
  const directory = { type: "directory", spec_version: "2.1", path };
  const id = steadyId(directory, key);
  reading.draft(
    place,
    "directory",
    `${key}/directory`,
    { kind: "object", object: { ...directory, id } },
    marking,
  );
  return { ...extra, parent_directory_ref: id };
}
