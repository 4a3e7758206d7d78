import { MatchError } from "./match-error.ts";
import type { Observed } from "./observed.ts";
import type { Plan } from "./plan.ts";

/** Beyond this the answer would take too long: patterns come from strangers. */
const MOST_STEPS = 200_000;
const DEEPEST = 1_500;

type Next = () => boolean;
/** WITHIN that is being filled: its observations begin at `mark` of those bound. */
type Window = { mark: number; width: bigint };

/**
 * Looks for observations that satisfy a plan, trying one after the other and going back. Operands of AND and
 * FOLLOWEDBY and repetitions take different observations (§9.5.2), one as often as it was observed. Each may have been
 * made at any time between its first and its last. Throws a MatchError when that would take too long.
 */
export class Search {
  readonly #observed: readonly Observed[];
  readonly #used: number[];
  readonly #bound: number[] = [];
  readonly #windows: Window[] = [];
  #steps = 0;
  #depth = 0;

  /** `observed` in the order of their times. */
  constructor(observed: readonly Observed[]) {
    this.#observed = observed;
    this.#used = observed.map(() => 0);
  }

  /** The indices of observations that satisfy the plan; undefined when there are none. */
  find(plan: Plan): ReadonlySet<number> | undefined {
    return this.#bind(plan, () => true) ? new Set(this.#bound) : undefined;
  }

  #bind(plan: Plan, next: Next): boolean {
    if (++this.#depth > DEEPEST) throw new MatchError("a pattern that needs too many observations at once");
    const found = this.#bindKind(plan, next);
    this.#depth -= 1;
    return found;
  }

  #bindKind(plan: Plan, next: Next): boolean {
    switch (plan.kind) {
      case "observe":
        return this.#take(plan.candidates, 0, 1, next);
      case "and":
        return this.#all(plan.operands, 0, next);
      case "or":
        return plan.operands.some((operand) => this.#bind(operand, next));
      case "followed-by":
        return this.#chain(plan.operands, 0, this.#bound.length, next);
      case "within":
        return this.#within(plan.plan, { mark: this.#bound.length, width: plan.width }, next);
      case "repeats":
        return plan.plan.kind === "observe"
          ? this.#take(plan.plan.candidates, 0, plan.times, next)
          : this.#times(plan.plan, plan.times, next);
    }
  }

  /** So many of the candidates from a place on: as many of each as there are, then fewer. */
  #take(candidates: readonly number[], from: number, times: number, next: Next): boolean {
    if (times === 0) return next();
    for (let at = from; at < candidates.length; at += 1) {
      const index = candidates[at] ?? 0;
      const used = this.#used[index] ?? 0;
      const most = Math.min(times, (this.#observed[index]?.count ?? 0) - used);
      this.#step();
      if (most <= 0) continue;
      this.#bound.push(index);
      for (let amount = most; amount > 0 && this.#fitsWindows(); amount -= 1) {
        this.#step();
        this.#used[index] = used + amount;
        if (this.#deeper(() => this.#take(candidates, at + 1, times - amount, next))) return true;
      }
      this.#used[index] = used;
      this.#bound.pop();
    }
    return false;
  }

  #all(operands: readonly Plan[], at: number, next: Next): boolean {
    const operand = operands[at];
    return operand === undefined ? next() : this.#bind(operand, () => this.#all(operands, at + 1, next));
  }

  /** §9.5.2: what follows may have been observed at the time of what it follows, or later. */
  #chain(operands: readonly Plan[], at: number, mark: number, next: Next): boolean {
    const operand = operands[at];
    if (operand === undefined) return next();
    const begin = this.#bound.length;
    return this.#bind(operand, () => {
      if (at > 0 && this.#latestFirst(mark, begin) > this.#earliestLast(begin)) return false;
      return this.#chain(operands, at + 1, mark, next);
    });
  }

  #within(plan: Plan, window: Window, next: Next): boolean {
    this.#windows.push(window);
    const found = this.#bind(plan, () => {
      this.#windows.pop();
      if (next()) return true;
      this.#windows.push(window);
      return false;
    });
    if (!found) this.#windows.pop();
    return found;
  }

  #times(plan: Plan, left: number, next: Next): boolean {
    return left === 0 ? next() : this.#bind(plan, () => this.#times(plan, left - 1, next));
  }

  /** §9.5.1, exclusive: whether times less than the width apart can be chosen for all that a window holds. */
  #fitsWindows(): boolean {
    return this.#windows.every(
      ({ mark, width }) => this.#latestFirst(mark, this.#bound.length) - this.#earliestLast(mark) < width,
    );
  }

  #latestFirst(from: number, to: number): bigint {
    let latest = this.#observed[this.#bound[from] ?? 0]?.first ?? 0n;
    for (let at = from + 1; at < to; at += 1) {
      const first = this.#observed[this.#bound[at] ?? 0]?.first ?? 0n;
      if (first > latest) latest = first;
    }
    return latest;
  }

  #earliestLast(from: number): bigint {
    let earliest = this.#observed[this.#bound[from] ?? 0]?.last ?? 0n;
    for (let at = from + 1; at < this.#bound.length; at += 1) {
      const last = this.#observed[this.#bound[at] ?? 0]?.last ?? 0n;
      if (last < earliest) earliest = last;
    }
    return earliest;
  }

  #deeper(go: Next): boolean {
    if (++this.#depth > DEEPEST) throw new MatchError("a pattern that needs too many observations at once");
    const found = go();
    this.#depth -= 1;
    return found;
  }

  #step(): void {
    if (++this.#steps > MOST_STEPS)
      throw new MatchError("a pattern with too many ways to match what was observed");
  }
}
