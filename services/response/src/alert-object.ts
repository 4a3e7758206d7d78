import type { ReleaseItem } from "@suar/gate";
import { suarId } from "@suar/stix";
import { ownNote } from "./own-note.ts";

export type AlertFacts = {
  alertId: string;
  rule: string;
  objectId: string;
  seq: number;
  organisation: string;
  at: Date;
};

/** An alert as a STIX note about what matched: which rules a member has is nobody else's business. */
export function alertItem({ alertId, rule, objectId, seq, organisation, at }: AlertFacts): ReleaseItem {
  return ownNote({
    id: suarId("note", "alert", alertId),
    organisation,
    at,
    abstract: `Alert: ${rule}`,
    content: `The rule "${rule}" matched log entry ${seq}. Alert ${alertId}.`,
    refs: [objectId],
    label: "alert",
  });
}
