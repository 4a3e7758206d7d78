import { type Logger, metrics, sqlStateOf } from "@suar/runtime";

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
type Stuck = {
  producer: number;
  failures: number;
  since: number;
  until: number;
  waits: number;
  cuts: number;
};

/**
 * Producers whose pages failed in this process: another holds their lock for long, or what they take is too much. The others
 * go on; these are tried again after pauses that grow, with more patience where they were waited for, and for less at once
 * where it took too long. Objects that cannot be decided are in the database, for all processes. For as long as there are any
 * of either, the operator is told: in the log, the metrics and /readyz, which name nobody.
 */
export class StuckProducers {
  readonly #realm: string;
  readonly #log: Logger;
  readonly #troubles: Map<string, string>;
  readonly #stuck = new Map<string, Stuck>();
  #undecided: readonly number[] = [];
  #told = 0;

  constructor(realm: string, { log, troubles }: { log: Logger; troubles: Map<string, string> }) {
    this.#realm = realm;
    this.#log = log;
    this.#troubles = troubles;
  }

  rests(task: Task, producer: number): boolean {
    return performance.now() < (this.#of(task, producer)?.until ?? 0);
  }

  /** For how many milliseconds it may wait for a lock while the others wait. */
  patienceFor(task: Task, producer: number): number {
    return grown(FIRST_PATIENCE_MS, this.#of(task, producer)?.failures ?? 0, LONGEST_PATIENCE_MS);
  }

  /** Whether somebody else was found to hold its lock for long, or so many queue for it. */
  isBusy(task: Task, producer: number): boolean {
    return (this.#of(task, producer)?.waits ?? 0) > 0;
  }

  /** How much of it is asked for, where so much usually is. */
  sizeFor(task: Task, producer: number, usual: number): number {
    return Math.max(1, usual >> (2 * (this.#of(task, producer)?.cuts ?? 0)));
  }

  failed(task: Task, producer: number, error: unknown): void {
    const now = performance.now();
    const before = this.#of(task, producer);
    const { failures = 0, waits = 0, cuts = 0 } = before ?? {};
    const state = sqlStateOf(error);
    const one = {
      ...{ producer, failures: failures + 1, since: failures === 0 || !before ? now : before.since },
      until: now + grown(FIRST_PAUSE_MS, failures, LONGEST_PAUSE_MS[task]),
      waits: state === LOCK_NOT_AVAILABLE ? PAGES_WAITED_FOR : waits,
      cuts: Math.min(cuts + Number(state === QUERY_CANCELED), MOST_DOUBLINGS),
    };
    this.#stuck.set(`${task} ${producer}`, one);
    this.#log[isTrouble(one) ? "warn" : "info"](
      { err: error, realm: this.#realm, task, producer, failures: one.failures },
      "a page could not be decided anew; others go on, and it is tried again",
    );
    this.#tell();
  }

  worked(task: Task, producer: number): void {
    const before = this.#of(task, producer);
    if (before === undefined) return;
    const [waits, cuts] = [Math.max(0, before.waits - 1), Math.max(0, before.cuts - 1)];
    const key = `${task} ${producer}`;
    if (waits + cuts === 0) this.#stuck.delete(key);
    else this.#stuck.set(key, { ...before, failures: 0, until: 0, waits, cuts });
    this.#tell();
  }

  /** What nobody waits for any more is not stuck. `undecided`: who has objects that cannot be decided. */
  keep(isWaiting: (task: Task, producer: number) => boolean, undecided: readonly number[]): void {
    for (const [key, { producer }] of this.#stuck) {
      const [task] = key.split(" ");
      if (!isWaiting(task as Task, producer)) this.#stuck.delete(key);
    }
    this.#undecided = undecided;
    this.#tell();
  }

  /** Nobody looks any more: nothing is said of the realm. */
  clear(): void {
    this.#stuck.clear();
    this.#undecided = [];
    this.#tell();
    metrics.reevaluationsStuck.remove(this.#realm);
  }

  #of(task: Task, producer: number): Stuck | undefined {
    return this.#stuck.get(`${task} ${producer}`);
  }

  #tell(): void {
    const subject = `reevaluation:${this.#realm}`;
    const troubled = [...this.#stuck.values()].filter(isTrouble).map(({ producer }) => producer);
    const many = new Set([...troubled, ...this.#undecided]).size;
    metrics.reevaluationsStuck.labels(this.#realm).set(many);
    if (many > this.#told)
      this.#log.warn(
        { realm: this.#realm, producers: many },
        "releases could not be decided anew; others go on, and they are tried again",
      );
    this.#told = many;
    if (many === 0) this.#troubles.delete(subject);
    else this.#troubles.set(subject, `not decided anew, tried again: releases of ${many} organisations`);
  }
}

function isTrouble({ failures, since }: Stuck): boolean {
  return failures >= TOLD_FROM || (failures > 0 && performance.now() - since >= TOLD_AFTER_MS);
}

function grown(first: number, times: number, longest: number): number {
  return Math.min(first * 2 ** Math.min(times, MOST_DOUBLINGS), longest);
}
