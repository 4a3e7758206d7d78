import {
  AppError,
  type PolicyDiff,
  type PolicyDiffExample,
  type PolicyDiffLine,
  problemOf,
} from "@suar/contract";
import { type ReplayExample, type Replayed, replayChange } from "@suar/gate";
import { type Organisation, type Outcome, type PairPolicy, pairName, policyHash } from "@suar/policy";
import { describeProblem, type Platform, type Realm } from "@suar/runtime";

const DAYS = 90;
const DAY_MS = 86_400_000;
const LONGEST_MS = 300_000;
const TELL_EVERY_MS = 250;

type Asked = { policy: PairPolicy; asker: Organisation; signal: AbortSignal };

/** How far the diff of a policy is, now and again; at the end the diff itself, or why there is none. */
export async function* diffLines(
  platform: Platform,
  realm: Realm,
  { policy, asker, signal: given }: Asked,
  stillMay: () => Promise<void>,
  longestMs = LONGEST_MS,
): AsyncGenerator<PolicyDiffLine> {
  const until = new Date();
  const since = new Date(until.getTime() - DAYS * DAY_MS);
  const signal = AbortSignal.any([given, AbortSignal.timeout(longestMs)]);
  try {
    const steps = replayChange(platform, realm, { policy, asker, since, signal });
    let told = 0;
    for (;;) {
      const step = await steps.next();
      if (step.done === true) {
        await stillMay();
        yield { line: "diff", diff: describeDiff(policy, asker, { since, until }, step.value) };
        return;
      }
      if (Date.now() - told < TELL_EVERY_MS) continue;
      told = Date.now();
      await stillMay();
      yield { line: "progress", ...step.value };
    }
  } catch (error) {
    if (given.aborted && !(error instanceof AppError)) return; // whoever asked is gone
    const { code, detail } = describeProblem(whyOf(error, given));
    if (code === "internal") platform.log.error({ err: error }, "a policy diff failed");
    yield { line: "problem", problem: problemOf(code, detail) };
  }
}

function whyOf(error: unknown, given: AbortSignal): unknown {
  const isLate = error instanceof Error && error.name === "TimeoutError" && !given.aborted;
  return isLate ? new AppError("took-too-long", "Ask again when there is less to do") : error;
}

function describeDiff(
  policy: PairPolicy,
  asker: Organisation,
  { since, until }: { since: Date; until: Date },
  { changes, ...counts }: Replayed,
): PolicyDiff {
  return {
    pair: pairName(policy),
    version: policy.version,
    hash: policyHash(policy),
    since: since.toISOString(),
    until: until.toISOString(),
    of: asker.member === policy.exporter ? "released" : "received",
    ...counts,
    changes: changes.map((change) => ({ ...change, examples: change.examples.map(describeExample) })),
  };
}

function describeExample({
  id,
  type,
  producer,
  recipient,
  own,
  before,
  after,
}: ReplayExample): PolicyDiffExample {
  return {
    object: { id, type, producer },
    recipient,
    before: describeOutcome(before, own),
    after: describeOutcome(after, own),
  };
}

/** Places are of the original, which another has as a copy perhaps. */
function describeOutcome(outcome: Outcome, own: boolean): PolicyDiffExample["before"] {
  const { decision, reasons, approvers, fourEyes, redactions, obligations } = outcome;
  const kinds = new Map(
    redactions.map((one) => [`${one.class} ${one.op}`, { op: one.op, class: one.class }]),
  );
  return {
    decision,
    reasons: reasons.map((reason) => (own ? reason : { ...reason, paths: [] })),
    approvers: [...approvers],
    fourEyes,
    redactions: own ? [...redactions] : [...kinds.values()],
    obligations: [...obligations],
  };
}
