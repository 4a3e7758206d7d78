import type { ContentClass } from "./content-class.ts";
import { Decision, type Outcome, outcomeKey } from "./outcome.ts";
import { stricterOperation } from "./pairs/operation.ts";

/** Decisions about one class of content that change alike. */
export type DecisionChange<Example> = {
  contentClass: ContentClass;
  before: Decision;
  after: Decision;
  /** How many; also those that stay the same word for another copy, other approvers or undertakings. */
  count: number;
  /** How many of them go to somebody, or show more, that did not before. */
  wider: number;
  examples: Example[];
};

export type DecisionDiff<Example> = {
  decisions: number;
  unchanged: number;
  wider: number;
  changes: DecisionChange<Example>[];
};

const MOST_EXAMPLES = 5;

/**
 * What a change of policies would have done to earlier decisions (`suar policy diff`): how many change from what to what,
 * with a few examples of each. It is handed each decision twice, as it is and as it would be, and remembers counts and
 * examples alone, however many they are.
 */
export class DecisionTally<Example> {
  readonly #changes = new Map<string, DecisionChange<Example>>();
  #decisions = 0;
  #unchanged = 0;
  #wider = 0;

  /** Goes on from what was counted before. */
  constructor(before?: DecisionDiff<Example>) {
    if (before === undefined) return;
    this.#decisions = before.decisions;
    this.#unchanged = before.unchanged;
    this.#wider = before.wider;
    for (const change of before.changes)
      this.#changes.set(nameOf(change), { ...change, examples: [...change.examples] });
  }

  /** `example` is asked for where one is needed yet. */
  add(contentClass: ContentClass, before: Outcome, after: Outcome, example: () => Example): void {
    this.#decisions += 1;
    if (isSameDecision(before, after)) {
      this.#unchanged += 1;
      return;
    }
    const change = this.#changeOf(contentClass, before.decision, after.decision);
    change.count += 1;
    if (isWider(before, after)) {
      change.wider += 1;
      this.#wider += 1;
    }
    if (change.examples.length < MOST_EXAMPLES) change.examples.push(example());
  }

  get diff(): DecisionDiff<Example> {
    return {
      decisions: this.#decisions,
      unchanged: this.#unchanged,
      wider: this.#wider,
      changes: [...this.#changes.values()].sort(byWords),
    };
  }

  #changeOf(contentClass: ContentClass, before: Decision, after: Decision): DecisionChange<Example> {
    const name = nameOf({ contentClass, before, after });
    const known = this.#changes.get(name);
    if (known !== undefined) return known;
    const made = { contentClass, before, after, count: 0, wider: 0, examples: [] };
    this.#changes.set(name, made);
    return made;
  }
}

function nameOf({
  contentClass,
  before,
  after,
}: Pick<DecisionChange<unknown>, "contentClass" | "before" | "after">): string {
  return `${contentClass} ${before} ${after}`;
}

/**
 * The same copy after the same approvals, with the same undertakings; the reasons may be others. What is withheld is
 * withheld, whatever would be taken out of it.
 */
export function isSameDecision(a: Outcome, b: Outcome): boolean {
  if (a === b || (a.withheld && b.withheld)) return true;
  return (
    outcomeKey(a) === outcomeKey(b) &&
    a.fourEyes === b.fourEyes &&
    a.obligations.join() === b.obligations.join()
  );
}

/** Withheld from nobody more, asked of nobody less, nothing less taken out or undertaken: all else is wider. */
function isWider(before: Outcome, after: Outcome): boolean {
  if (after.withheld) return false;
  if (before.withheld) return true;
  const asksLess = !before.approvers.every((approver) => after.approvers.includes(approver));
  const obligesLess = !before.obligations.every((one) => after.obligations.includes(one));
  return asksLess || obligesLess || (before.fourEyes && !after.fourEyes) || !keepsRedactions(before, after);
}

function keepsRedactions(before: Outcome, after: Outcome): boolean {
  return before.redactions.every(({ path, op, class: kind }) =>
    after.redactions.some(
      (one) => one.path === path && one.class === kind && stricterOperation(op, one.op) === one.op,
    ),
  );
}

function byWords(
  a: Omit<DecisionChange<unknown>, "examples">,
  b: Omit<DecisionChange<unknown>, "examples">,
): number {
  const words = Decision.options;
  const order = ({ before, after }: Pick<typeof a, "before" | "after">) =>
    words.indexOf(before) * words.length + words.indexOf(after);
  return order(a) - order(b) || (a.contentClass < b.contentClass ? -1 : 1);
}
