import { createHash } from "node:crypto";
import type { ReleaseItem } from "@suar/gate";
import { canonicalJson, type StixObject, suarId, timestampFromDate, tlpMarkingId } from "@suar/stix";

export type OwnNote = {
  id: string;
  organisation: string;
  at: Date;
  abstract: string;
  content: string;
  refs: readonly string[];
  label: string;
};

/**
 * What the platform has to tell one organisation: a STIX note, stated by the organisation to itself alone
 * (TLP:AMBER+STRICT, nobody named), of the kind `alert`.
 */
export function ownNote({ id, organisation, at, abstract, content, refs, label }: OwnNote): ReleaseItem {
  const time = timestampFromDate(at);
  const object = {
    type: "note",
    spec_version: "2.1",
    id,
    created: time,
    modified: time,
    created_by_ref: suarId("identity", organisation),
    abstract,
    content,
    object_refs: [...refs],
    labels: [label],
    object_marking_refs: [tlpMarkingId("amber+strict")],
  } as unknown as StixObject;
  return {
    kind: "alert",
    object,
    tlp: "amber+strict",
    pap: undefined,
    to: [],
    contentHash: createHash("sha256").update(canonicalJson(object)).digest(),
    generated: false,
    keys: [],
  };
}
