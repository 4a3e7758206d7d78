/**
 * The one way in: `acceptSubmission()` stores raw bytes with their hash and answers when they are durable.
 *
 * Invariants
 * - Acknowledged means committed: bytes, options and submission row stand or fall in one transaction.
 * - A repeat under the same idempotency key stores nothing and answers with the first one's id.
 * - The queue is woken after the commit; a wake that is lost is made up for by the sweeper.
 *
 * It parses no format and releases nothing: that is normalization's and the gate's part.
 */
export {
  type Acceptance,
  type Accepted,
  acceptSubmission,
  KnownContent,
  requireInside,
} from "./accept-submission.ts";
export { isFlat } from "./flat.ts";
export { recipientsOf } from "./parse-names.ts";
export { parseOptions } from "./parse-options.ts";
export { readSubmission } from "./read-submission.ts";
export { eraseChunks, hasUnfinished } from "./store.ts";
export { SubmissionOptions } from "./submission-options.ts";
