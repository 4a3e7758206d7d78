/**
 * The gate: `release()` is the only writer of releases, `withdraw()` takes them back, and `recall()` asks for a word
 * about it. TLP:RED goes another way: `releaseRed()` is the only writer of people's inboxes, and `withdrawRed()` takes
 * that back. `explain()` says of what a producer stated who receives it and why, by the same decision, and writes nothing.
 *
 * Invariants
 * - Policy decides; the gate only asks it, for every object and every organisation, and writes the answer.
 * - An object is (producer, STIX id, version). Nobody supersedes, merges or withdraws another's.
 * - What a reader can reach is a rendition addressed to its organisation; nothing else has a body.
 * - No rendition names what its readers may not know of: an id can betray the value that it was made from.
 * - What is TLP:RED is in inboxes alone: no rendition, audience, index or known version has any of it. The log has
 *   one entry more, which says nothing and has no readers. Of what one sent, the organisation's others learn nothing.
 * - Everything of a batch is one transaction with one envelope for the pen: either all of it is released, or
 *   none of it ever was.
 *
 * It knows no format, no queue and no channel, and must not import submit, taxii or services.
 */

export { againAfterDeadlock } from "./again-after-deadlock.ts";
export { type Approved, approve, type By, lapse, pendingOf, refuse } from "./approve.ts";
export { askedOutcomes } from "./decide-pending.ts";
export type { Decided } from "./decided.ts";
export type { Decisions } from "./decisions.ts";
export { DecisionText, pageOfPolicy, received } from "./describe-decision.ts";
export { type Explained, explain } from "./explain.ts";
export { explainEntry, type ReceivedDecision } from "./explain-entry.ts";
export type { ExplainedLine, KeptOutcome } from "./explain-line.ts";
export { type Gate, gateOf } from "./gate.ts";
export { readHeld } from "./held.ts";
export { judgeRedRelease } from "./judge-red.ts";
export { type JudgedRelease, judgeRelease, type Send } from "./judge-release.ts";
export { type Addressee, MOST_RED, type RedContext } from "./letter.ts";
export { type Marking, type MarkingChange, mark, markingOf, type Remarked } from "./mark.ts";
export { type OpenedEntry, openEntry } from "./open-entry.ts";
export { type PlannedItem, planReaders } from "./plan-readers.ts";
export { type PreparedRelease, prepareRelease } from "./prepare-release.ts";
export { type PendingPreview, previewPending } from "./preview-pending.ts";
export { recall } from "./recall.ts";
export { type Reevaluated, type Reevaluation, reevaluate } from "./reevaluate.ts";
export { MOST_RELEASED_AT_ONCE, release } from "./release.ts";
export { releaseContext } from "./release-context.ts";
export type { ReleaseContext, ReleaseItem, ReleaseOutcome } from "./release-item.ts";
export { releaseRed } from "./release-red.ts";
export { type Replayed, type ReplayStep, replayChange } from "./replay-change.ts";
export type { ReplayExample } from "./replay-page.ts";
export { hasTurned, PlanOutdated } from "./standing.ts";
export { selectDueProducers, takeDue } from "./store/due.ts";
export type { AskedRow } from "./store/explained.ts";
export { type PendingQuery, type PendingRow, type PendingState, selectAskedAnew } from "./store/pending.ts";
export { insertRefusedNames } from "./store/sight.ts";
export { factsOf, type ObjectFacts } from "./subject-of.ts";
export { type ShownName, type ToldOutcome, tellOutcome } from "./tell-outcome.ts";
export { tellAsked, tellEnd } from "./tell-pending.ts";
export { isToldOf, toldAs } from "./told-as.ts";
export { withdrawRed } from "./withdraw-red.ts";
