/**
 * The gate: `release()` is the only writer of releases, `withdraw()` takes them back, and `recall()` asks for a word
 * about it. TLP:RED goes another way: `releaseRed()` is the only writer of people's inboxes, and `withdrawRed()` takes
 * that back. `explain()` says of what a producer stated who receives it and why, by the same decision, and writes nothing.
 *
 * Invariants
 * - Policy decides; the gate only asks it, for every object and every organisation, and writes the answer.
 * - An object is (producer, STIX id, version). Nobody supersedes, merges or withdraws another's.
 * - What a reader can reach is a rendition addressed to its organisation; nothing else has a body.
 * - What a change takes away is closed before anybody is told (`closeNarrowed`), then told (`reevaluate`); what was closed
 *   and may stay after all comes as a new entry, since cursors have gone on.
 * - What cannot be decided is closed to all but its producer and due again later; it holds up nothing else (`closeSurely`,
 *   `reevaluate`). What is nobody's own (a deadlock, a lock, the database away) ends the transaction.
 * - Objects of which none names another that waits are decided anew together, each once, and written by as many statements as
 *   one; whatever an id or a thing that very many name comes to, of bodies a few megabytes are held (`anew/`).
 * - No rendition names what its readers may not know of: an id can betray the value that it was made from.
 * - In a drill members' CERTs alone are decided over (`Gate.admits`): whoever made it reads by the keys of all who play.
 * - What is TLP:RED is in inboxes alone: no rendition, audience, index or known version has any of it. The log has
 *   one entry more, which says nothing and has no readers. Of what one sent, the organisation's others learn nothing.
 * - What is stated as TLP:RED is nobody's but people's: what organisations had of its ids is withdrawn with it.
 * - What its producer called a victim's is one in all that it states, whichever it stated first and however it is cut into
 *   batches (`victims/`). Another's word does nothing to it. Taking such a statement back reveals nothing that is out. What
 *   it costs does not grow with what was said before; it closes, and the telling is for afterwards.
 * - An entry shows the decision by which its own readers have the copy; those who have it by another have another entry.
 * - An approval is none without its seal, whatever a row says: what was agreed to is asked anew then.
 * - Whoever was ever sent something is told when it is taken back, whether it has it still or not; nobody else is.
 * - What closes something writes a row of `closing` in the same transaction: processes forget by it what they hold.
 * - Everything of a batch is one transaction with one envelope for the pen, or several in order where it has thousands of
 *   entries: either all of it is released, or none of it ever was.
 *
 * It knows no format, no queue and no channel, and must not import submit, taxii or services.
 */

export { type ClosedPage, closeNarrowed } from "./anew/close-narrowed.ts";
export { type Marking, type MarkingChange, mark, markingOf, type Remarked } from "./anew/mark.ts";
export { type Reevaluated, type Reevaluation, reevaluate } from "./anew/reevaluate.ts";
export { type Approved, approve, type By, lapse, pendingOf, refuse } from "./approvals/approve.ts";
export { askedOutcomes } from "./approvals/decide-pending.ts";
export { type PendingPreview, previewPending } from "./approvals/preview-pending.ts";
export { tellAsked, tellEnd } from "./approvals/tell-pending.ts";
export { type Gate, gateOf } from "./context/gate.ts";
export { releaseContext } from "./context/release-context.ts";
export type { PlannedVictims, ReleaseContext, ReleaseItem, ReleaseOutcome } from "./context/release-item.ts";
export { releasing } from "./context/releasing.ts";
export { hasTurned, lockStanding, PlanOutdated } from "./context/standing.ts";
export type { Decided } from "./decide/decided.ts";
export { type Decisions, isTie } from "./decide/decisions.ts";
export { factsOf, type ObjectFacts } from "./decide/subject-of.ts";
export { approvalWord } from "./entry/approval-word.ts";
export { type OpenedEntry, openEntry } from "./entry/open-entry.ts";
export { type ToldWords, wordsStated } from "./entry/told-words.ts";
export { DecisionText, pageOfPolicy, received } from "./explain/describe-decision.ts";
export { type Explained, explain } from "./explain/explain.ts";
export { explainEntry, type ReceivedDecision } from "./explain/explain-entry.ts";
export type { ExplainedLine, KeptOutcome } from "./explain/explain-line.ts";
export { type PlannedItem, planReaders } from "./explain/plan-readers.ts";
export { type ShownName, type ToldOutcome, tellOutcome } from "./explain/tell-outcome.ts";
export { asProducer, type ToldReader, tellRecipients, toldAs, toldOf } from "./explain/told-as.ts";
export { readHeld } from "./judge/held.ts";
export { type JudgedRelease, judgeRelease, type Send } from "./judge/judge-release.ts";
export { readSaidBy, type SaidBy } from "./judge/said-by.ts";
export { judgeRedRelease } from "./red/judge-red.ts";
export { type Addressee, MOST_RED, type RedContext } from "./red/letter.ts";
export { releaseRed } from "./red/release-red.ts";
export { LetterChanged, requireLetter } from "./red/require-letter.ts";
export { withdrawRed } from "./red/withdraw-red.ts";
export type { ReplayAsked } from "./replay/replay-asked.ts";
export {
  beginReplay,
  type Replayed,
  type ReplaySoFar,
  replayOn,
  replayProgress,
} from "./replay/replay-change.ts";
export type { ReplayExample } from "./replay/replay-page.ts";
export { type PreparedRelease, prepareRelease } from "./send/prepare-release.ts";
export { recall } from "./send/recall.ts";
export { MOST_RELEASED_AT_ONCE, type Released, release } from "./send/release.ts";
export { selectDueProducers, selectUndecided, takeDue } from "./store/due.ts";
export type { AskedRow } from "./store/explained.ts";
export { individualsOf } from "./store/individuals.ts";
export { type PendingQuery, type PendingRow, type PendingState, selectAskedAnew } from "./store/pending.ts";
export { insertRefusedNames } from "./store/sight.ts";
export { victimNamesOf, victimsIn } from "./victims/names-of.ts";
export { planVictims } from "./victims/plan-victims.ts";
