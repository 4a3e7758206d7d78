import { isObservable } from "@suar/stix";
import type { Marking } from "../draft.ts";
import { drop } from "../drop.ts";
import { isJsonRecord, type JsonRecord, textOf } from "../json-value.ts";
import { localName, typeOfLocal } from "../local-name.ts";
import type { Attribute } from "./attribute.ts";
import type { EventReading, Place } from "./event-reading.ts";
import type { Member } from "./fields.ts";
import { timeOf, writtenText } from "./written-text.ts";

/** MISP's types of sightings, https://www.misp-standard.org/rfc/misp-standard-core.html §2.10. */
const SEEN = "0";
const FALSE_POSITIVE = "1";
const EXPIRATION = "2";

/** Types that are no observables: what a sighting may be of (STIX §5.2). */
const isSighted = (local: string): boolean =>
  /^(?:indicator|vulnerability|malware|threat-actor|campaign)$/.test(typeOfLocal(local) ?? "");

type Seen = Pick<Attribute, "firstSeen" | "lastSeen" | "at" | "marking" | "toIds">;

/** Of an observable, when it was seen: an indicator has no place for it, and says since when to look instead. */
export function draftSeenTimes(attribute: Seen, local: string, place: Place, reading: EventReading): void {
  const { firstSeen, lastSeen, at, marking } = attribute;
  if (firstSeen === undefined && lastSeen === undefined) return;
  const type = typeOfLocal(local) ?? "";
  if (attribute.toIds || !isObservable(type)) {
    if (lastSeen !== undefined)
      reading.lose(`${at}/last_seen`, "last_seen", "An indicator has no place for it");
    return;
  }
  const first = firstSeen ?? lastSeen;
  const last = lastSeen ?? firstSeen;
  if (first === undefined || last === undefined || last < first) {
    reading.lose(`${at}/last_seen`, "last_seen", "Before first_seen");
    return;
  }
  const object = {
    type: "observed-data",
    spec_version: "2.1",
    first_observed: first,
    last_observed: last,
    number_observed: 1,
    object_refs: [local],
  };
  reading.draft(place, "observed-data", `${local}/seen`, { kind: "object", object }, marking);
}

/** Each sighting is a record of its own. */
export function draftSightings(attribute: Attribute, local: string, reading: EventReading): void {
  const target = reading.indicatorOf(local);
  for (const member of attribute.sightings) {
    const at = `${attribute.at}/Sighting/${member.key}`;
    const { value } = member;
    if (!isJsonRecord(value)) reading.lose(at, "Sighting", "Not a sighting");
    else draftSighting({ ...member, value }, at, target, attribute, reading);
  }
}

function draftSighting(
  { key, value }: Member & { value: JsonRecord },
  at: string,
  target: string,
  { marking, details }: Attribute,
  reading: EventReading,
): void {
  const type = writtenText(value.type) ?? SEEN;
  const name = `${target}/${textOf(value.uuid) ?? key}`;
  if (type === SEEN && isSighted(target)) draftSeen(value, at, { target, name }, marking, reading);
  else if (type === FALSE_POSITIVE) draftDoubt(value, at, { target, name }, marking, reading);
  else if (type !== EXPIRATION || details.validUntil === undefined || typeOfLocal(target) !== "indicator") {
    const what =
      type === SEEN
        ? "A sighting is of an indicator, and this is none"
        : "No such type of sighting, or no end of an indicator";
    reading.lose(at, "Sighting", what);
  }
}

type Sighted = { target: string; name: string };

function draftSeen(
  value: JsonRecord,
  at: string,
  { target, name }: Sighted,
  marking: Marking | undefined,
  reading: EventReading,
): void {
  const place = reading.record(at);
  const time = timeOf(value.date_sighting);
  const where = sighterOf(value);
  if (where !== undefined) reading.cluster(place, where.local, where.object, marking);
  const object = drop({
    type: "sighting",
    spec_version: "2.1",
    sighting_of_ref: target,
    description: textOf(value.source),
    first_seen: time,
    last_seen: time,
    count: 1,
    where_sighted_refs: where === undefined ? undefined : [where.local],
  });
  reading.draft(place, "sighting", name, { kind: "object", object }, marking);
}

/** A false positive is an opinion on what was said (STIX §4.15). */
function draftDoubt(
  value: JsonRecord,
  at: string,
  { target, name }: Sighted,
  marking: Marking | undefined,
  reading: EventReading,
): void {
  const said = [textOf(value.source), organisationOf(value), timeOf(value.date_sighting)];
  const explanation = ["False positive", ...said.filter((part) => part !== undefined)].join(", ");
  const object = {
    type: "opinion",
    spec_version: "2.1",
    opinion: "strongly-disagree",
    explanation,
    object_refs: [target],
  };
  reading.draft(reading.record(at), "opinion", name, { kind: "object", object }, marking);
}

function sighterOf(value: JsonRecord): { local: string; object: Record<string, unknown> } | undefined {
  const name = organisationOf(value);
  if (name === undefined) return undefined;
  const object = { type: "identity", spec_version: "2.1", name, identity_class: "organization" };
  return { local: localName("identity", `misp-organisation/${name}`), object };
}

function organisationOf({ Organisation }: JsonRecord): string | undefined {
  return isJsonRecord(Organisation) ? textOf(Organisation.name) : undefined;
}
