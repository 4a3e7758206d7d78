import type { DirectoryEntry } from "@suar/runtime";
import {
  microsFromTimestamp,
  type StixObject,
  suarId,
  Tlp,
  timestampFromDate,
  timestampFromMicros,
  tlpMarkingDefinition,
  tlpMarkingId,
} from "@suar/stix";
import type { HeldRecord } from "@suar/taxii";

/**
 * What the objects of every collection refer to and no log entry holds: the identities of the members and of the
 * caller's own agencies (`created_by_ref` of what Suar makes of reports), and the TLP definitions. In order, and each
 * at a time of its own; places with an ordinal above 0 are the log's.
 */
export function referencesFor(organisations: readonly DirectoryEntry[], member: string): HeldRecord[] {
  const objects = [
    ...Tlp.options.map(tlpMarkingDefinition),
    ...organisations.filter((one) => one.kind === "cert" || one.member === member).map(identityObject),
  ];
  let last = 0n;
  return objects.map((object) => {
    const created = microsFromTimestamp(String(object.created));
    last = created > last ? created : last + 1n;
    return recordOf(object, last);
  });
}

/** The identity of a member or an agency (STIX 2.1 §4.5). That a member exists is for anyone to know. */
function identityObject({ code, kind, name, sector, createdAt }: DirectoryEntry): StixObject {
  const created = timestampFromDate(createdAt);
  return {
    type: "identity",
    spec_version: "2.1",
    id: identityId(code),
    created_by_ref: identityId(code),
    created,
    modified: created,
    name,
    identity_class: "organization",
    ...(sector !== null && { sectors: [sector] }),
    object_marking_refs: [tlpMarkingId(kind === "cert" ? "clear" : "amber")],
  };
}

export function identityId(code: string): string {
  return suarId("identity", code);
}

function recordOf(object: StixObject, micros: bigint): HeldRecord {
  return {
    id: object.id,
    type: object.type,
    dateAdded: timestampFromMicros(micros),
    version: String(object.modified ?? object.created),
    mediaType: "application/stix+json;version=2.1",
    specVersion: "2.1",
    body: JSON.stringify(object),
    place: { micros, ordinal: 0n },
  };
}
