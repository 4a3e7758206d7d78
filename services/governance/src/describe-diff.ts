import type { PolicyDiff, PolicyDiffExample } from "@suar/contract";
import type { ReplayAsked, ReplayExample, Replayed } from "@suar/gate";
import { type Outcome, pairName, policyHash } from "@suar/policy";

/** As a member's officers are told of it. */
export function describeDiff(
  { policy, asker, since }: ReplayAsked,
  until: Date,
  { decisions, unchanged, wider, versions, changes }: Replayed,
): PolicyDiff {
  return {
    pair: pairName(policy),
    version: policy.version,
    hash: policyHash(policy),
    since: since.toISOString(),
    until: until.toISOString(),
    of: asker.member === policy.exporter ? "released" : "received",
    ...{ versions, decisions, unchanged, wider },
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
