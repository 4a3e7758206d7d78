import type { ReleaseItem } from "@suar/gate";
import { suarId, timestampFromDate } from "@suar/stix";
import { ownNote } from "./own-note.ts";

export type ReminderFacts = {
  recallId: string;
  stage: 1 | 2;
  producer: string;
  knownAs: readonly string[];
  organisation: string;
  at: Date;
  dueAt: Date;
};

/** A reminder as a STIX note about what was taken back, by the ids that its reader knows. */
export function reminderItem(facts: ReminderFacts): ReleaseItem {
  const { recallId, stage, producer, knownAs, organisation, at, dueAt } = facts;
  const due = timestampFromDate(dueAt);
  const when = stage === 1 ? `is to be acknowledged by ${due}` : `was to be acknowledged by ${due}`;
  return ownNote({
    id: suarId("note", "recall-reminder", recallId, organisation, String(stage)),
    organisation,
    at,
    abstract: `Recall: ${producer} took back what it stated`,
    content: `${producer} took back what it stated about ${knownAs.join(", ")}. The recall ${when}. Recall ${recallId}.`,
    refs: knownAs,
    label: "recall-reminder",
  });
}
