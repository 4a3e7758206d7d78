import type { ToldName } from "@suar/contract";
import type { PendingState, ReleaseItem } from "@suar/gate";
import { suarId, timestampFromDate } from "@suar/stix";
import { ownNote } from "./own-note.ts";
import type { NoticeStage } from "./store/approval-notice.ts";

/** What one organisation is told of one request. `object` is set where it is the organisation's own. */
export type ToldApproval = {
  id: string;
  stage: NoticeStage;
  state: PendingState;
  at: Date;
  deadline: Date;
  producer: string;
  object: string | undefined;
  organisations: readonly ToldName[];
  reason: string | null;
};

/** What is told of alike, in one note: a submission of a thousand incidents fills nobody's log with a thousand. */
export function approvalNotes(organisation: string, told: readonly ToldApproval[]): ReleaseItem[] {
  const alike = Map.groupBy(told, ({ stage, state, producer }) => JSON.stringify([stage, state, producer]));
  return [...alike.values()].map((all) => approvalNote(organisation, all));
}

function approvalNote(organisation: string, told: readonly ToldApproval[]): ReleaseItem {
  const [first] = told;
  if (first === undefined) throw new Error("a note about nothing");
  const objects = [...new Set(told.flatMap(({ object }) => object ?? []))];
  return ownNote({
    id: suarId("note", "approval", organisation, first.id, String(first.stage)),
    organisation,
    at: first.at,
    abstract: abstractOf(first),
    content: told.map(sentenceOf).join("\n"),
    refs: objects.length > 0 ? objects : [suarId("identity", organisation)],
    label: `approval-${kindOf(first)}`,
  });
}

function kindOf({ stage, state }: ToldApproval): string {
  if (stage === 1) return "asked";
  return stage === 2 ? "reminder" : state;
}

const BECAME: Record<PendingState, string> = {
  pending: "waits for your data officer",
  approved: "was approved",
  refused: "was refused",
  lapsed: "is not asked any more, and released to nobody",
};

function abstractOf({ producer, state }: ToldApproval): string {
  return `Approval: what ${producer} stated ${BECAME[state]}`;
}

function sentenceOf({ id, stage, state, deadline, organisations, object, reason }: ToldApproval): string {
  const what = `Approval ${id}: ${object === undefined ? "" : `${object} `}to ${organisations.join(", ")}`;
  const until = timestampFromDate(deadline);
  if (stage === 1) return `${what} waits until ${until}.`;
  if (stage === 2) return `${what} still waits, and lapses at ${until}: half of the time is over.`;
  return `${what}: ${state}${reason === null ? "" : `, ${reason}`}.`;
}
