import { createHash } from "node:crypto";
import type { ReleaseItem } from "@suar/gate";
import { canonicalJson, type StixObject, suarId, timestampFromDate, tlpMarkingId } from "@suar/stix";

export type AlertFacts = {
  alertId: string;
  rule: string;
  objectId: string;
  seq: number;
  organisation: string;
  at: Date;
};

/**
 * An alert as a STIX note about what matched, stated by the organisation to itself alone (TLP:AMBER+STRICT,
 * nobody named): which rules a member has is nobody else's business.
 */
export function alertItem(facts: AlertFacts): ReleaseItem {
  const at = timestampFromDate(facts.at);
  const object = {
    type: "note",
    spec_version: "2.1",
    id: suarId("note", "alert", facts.alertId),
    created: at,
    modified: at,
    created_by_ref: suarId("identity", facts.organisation),
    abstract: `Alert: ${facts.rule}`,
    content: `The rule "${facts.rule}" matched log entry ${facts.seq}. Alert ${facts.alertId}.`,
    object_refs: [facts.objectId],
    labels: ["alert"],
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
