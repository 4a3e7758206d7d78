import { sqlStateOf } from "@suar/runtime";

/** What is done of one producer at a time: both goes of a pass, and what has an end of its own. */
export type Task = "closing" | "telling" | "due";

const FIRST_PATIENCE_MS = 200;
const FIRST_PAUSE_MS = 500;
const LONGEST_PATIENCE_MS = 2_000;
/** What narrows is not to be read while others have their turn. */
const LONGEST_PAUSE_MS: Record<Task, number> = { closing: 2_000, telling: 30_000, due: 30_000 };
const MOST_DOUBLINGS = 10;
/** That a producer is busy is nobody's trouble: one that was, this often in a row or for so long, is. */
const TOLD_FROM = 3;
const TOLD_AFTER_MS = 5_000;

/** Where a lock was once waited for in vain, so many pages are waited for beside the turns of the others. */
const PAGES_WAITED_FOR = 8;

const LOCK_NOT_AVAILABLE = "55P03";
const QUERY_CANCELED = "57014";

/** `failures` in a row, `since` the first. Pages to be waited for, and how little to ask for, fade as pages are done. */
export type Setback = {
  readonly failures: number;
  readonly since: number;
  readonly until: number;
  readonly waits: number;
  readonly cuts: number;
};

/** Of whom nothing failed. */
export const NO_SETBACK: Setback = { failures: 0, since: 0, until: 0, waits: 0, cuts: 0 };

/** After a page failed: it rests for longer each time, and is waited for, or asked for less, by how it failed. */
export function afterFailure(before: Setback, task: Task, error: unknown, now: number): Setback {
  const { failures, since, waits, cuts } = before;
  const state = sqlStateOf(error);
  return {
    ...{ failures: failures + 1, since: failures === 0 ? now : since },
    until: now + grown(FIRST_PAUSE_MS, failures, LONGEST_PAUSE_MS[task]),
    waits: state === LOCK_NOT_AVAILABLE ? PAGES_WAITED_FOR : waits,
    cuts: Math.min(cuts + Number(state === QUERY_CANCELED), MOST_DOUBLINGS),
  };
}

/** After a page was done; undefined once all is as if nothing had failed. */
export function afterSuccess(before: Setback): Setback | undefined {
  const [waits, cuts] = [Math.max(0, before.waits - 1), Math.max(0, before.cuts - 1)];
  return waits + cuts === 0 ? undefined : { ...before, failures: 0, until: 0, waits, cuts };
}

/** For how many milliseconds it may wait for a lock while the others wait. */
export function patienceOf({ failures }: Setback): number {
  return grown(FIRST_PATIENCE_MS, failures, LONGEST_PATIENCE_MS);
}

/** How much of it is asked for, where so much usually is. */
export function sizeOf({ cuts }: Setback, usual: number): number {
  return Math.max(1, usual >> (2 * cuts));
}

/** Whether the operator is told of it. */
export function isTrouble({ failures, since }: Setback, now: number): boolean {
  return failures >= TOLD_FROM || (failures > 0 && now - since >= TOLD_AFTER_MS);
}

function grown(first: number, times: number, longest: number): number {
  return Math.min(first * 2 ** Math.min(times, MOST_DOUBLINGS), longest);
}
