import { type DecisionContext, decide } from "./decide.ts";
import { Decision, type Outcome, outcomeKey } from "./outcome.ts";
import { stricterOperation } from "./pairs/operation.ts";
import type { PolicySet } from "./pairs/policy-set.ts";
import type { Organisation, Subject } from "./subject.ts";

/** What was decided once, with what it was decided by, and how often the same was. */
export type DecidedInput = {
  subject: Subject;
  recipient: Organisation;
  now: number;
  individualsYtd: number;
  times: number;
};

export type DecisionChange = {
  before: Decision;
  after: Decision;
  /** How many decisions changed so; also those that stay the same word for another copy or other approvers. */
  count: number;
  examples: { input: DecidedInput; before: Outcome; after: Outcome }[];
};

export type DecisionDiff = {
  decisions: number;
  unchanged: number;
  /** Of those that changed, how many go to somebody, or show more, that did not before. */
  wider: number;
  changes: DecisionChange[];
};

const MOST_EXAMPLES = 5;

/**
 * What a change of policies would have done to earlier decisions (`suar policy diff`): how many change from what to
 * what, with a few examples of each. Pure: the inputs are decided twice, and nothing that was sent is looked at.
 */
export function diffDecisions(
  before: PolicySet,
  after: PolicySet,
  inputs: Iterable<DecidedInput>,
): DecisionDiff {
  const changes = new Map<string, DecisionChange>();
  const diff: DecisionDiff = { decisions: 0, unchanged: 0, wider: 0, changes: [] };
  for (const input of inputs) {
    diff.decisions += input.times;
    const [old, young] = [decideUnder(before, input), decideUnder(after, input)];
    if (isSame(old, young)) {
      diff.unchanged += input.times;
      continue;
    }
    if (isWider(old, young)) diff.wider += input.times;
    const name = `${old.decision} ${young.decision}`;
    const change = changes.get(name) ?? newChange(old.decision, young.decision);
    changes.set(name, change);
    change.count += input.times;
    if (change.examples.length < MOST_EXAMPLES) change.examples.push({ input, before: old, after: young });
  }
  diff.changes = [...changes.values()].sort(byWords);
  return diff;
}

function newChange(before: Decision, after: Decision): DecisionChange {
  return { before, after, count: 0, examples: [] };
}

function decideUnder(
  policies: PolicySet,
  { subject, recipient, now, individualsYtd }: DecidedInput,
): Outcome {
  const context: DecisionContext = { policies, now, individualsYtd: () => individualsYtd };
  return decide(subject, recipient, context);
}

/** The same copy after the same approvals, with the same undertakings; the reasons may be others. */
function isSame(a: Outcome, b: Outcome): boolean {
  return (
    outcomeKey(a) === outcomeKey(b) &&
    a.fourEyes === b.fourEyes &&
    a.obligations.join() === b.obligations.join()
  );
}

/** Withheld from nobody more, asked of nobody less, and nothing less taken out: all else is wider. */
function isWider(before: Outcome, after: Outcome): boolean {
  if (after.withheld) return false;
  if (before.withheld) return true;
  const asksLess = !before.approvers.every((approver) => after.approvers.includes(approver));
  return asksLess || (before.fourEyes && !after.fourEyes) || !keepsRedactions(before, after);
}

function keepsRedactions(before: Outcome, after: Outcome): boolean {
  return before.redactions.every(({ path, op, class: kind }) =>
    after.redactions.some(
      (one) => one.path === path && one.class === kind && stricterOperation(op, one.op) === one.op,
    ),
  );
}

function byWords(a: DecisionChange, b: DecisionChange): number {
  const order = (change: DecisionChange) =>
    Decision.options.indexOf(change.before) * Decision.options.length +
    Decision.options.indexOf(change.after);
  return order(a) - order(b);
}
