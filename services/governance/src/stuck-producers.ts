import { type Logger, metrics } from "@suar/runtime";

/** What is done of one producer at a time: both goes of a pass, and what has an end of its own. */
export type Task = "closing" | "telling" | "due";

const FIRST_PATIENCE_MS = 200;
const LONGEST_PATIENCE_MS = 2_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const MOST_DOUBLINGS = 10;

type Stuck = { producer: number; failures: number; until: number };

/**
 * Producers whose pages failed in this process: another holds their lock for long, or something of theirs cannot be
 * decided. The others go on; these are tried again after pauses that grow, each time with more patience. For as long as there
 * are any, the operator is told: in the log, the metrics and /readyz, which name nobody.
 */
export class StuckProducers {
  readonly #realm: string;
  readonly #log: Logger;
  readonly #troubles: Map<string, string>;
  readonly #stuck = new Map<string, Stuck>();

  constructor(realm: string, { log, troubles }: { log: Logger; troubles: Map<string, string> }) {
    this.#realm = realm;
    this.#log = log;
    this.#troubles = troubles;
  }

  rests(task: Task, producer: number): boolean {
    return performance.now() < (this.#stuck.get(`${task} ${producer}`)?.until ?? 0);
  }

  /** For how many milliseconds it may wait for a lock. */
  patienceFor(task: Task, producer: number): number {
    return grown(
      FIRST_PATIENCE_MS,
      this.#stuck.get(`${task} ${producer}`)?.failures ?? 0,
      LONGEST_PATIENCE_MS,
    );
  }

  failed(task: Task, producer: number, error: unknown): void {
    const failures = (this.#stuck.get(`${task} ${producer}`)?.failures ?? 0) + 1;
    const pause = grown(FIRST_PAUSE_MS, failures - 1, LONGEST_PAUSE_MS);
    this.#stuck.set(`${task} ${producer}`, { producer, failures, until: performance.now() + pause });
    this.#log.warn(
      { err: error, realm: this.#realm, task, producer, failures },
      "a page could not be decided anew; others go on, and it is tried again",
    );
    this.#tell();
  }

  worked(task: Task, producer: number): void {
    if (this.#stuck.delete(`${task} ${producer}`)) this.#tell();
  }

  /** What nobody waits for any more is not stuck. */
  keep(isWaiting: (task: Task, producer: number) => boolean): void {
    for (const [key, { producer }] of this.#stuck) {
      const [task] = key.split(" ");
      if (!isWaiting(task as Task, producer) && this.#stuck.delete(key)) this.#tell();
    }
  }

  #tell(): void {
    const subject = `reevaluation:${this.#realm}`;
    const many = new Set([...this.#stuck.values()].map(({ producer }) => producer)).size;
    metrics.reevaluationsStuck.labels(this.#realm).set(many);
    if (many === 0) this.#troubles.delete(subject);
    else this.#troubles.set(subject, `not decided anew, tried again: releases of ${many} organisations`);
  }
}

function grown(first: number, failures: number, longest: number): number {
  return Math.min(first * 2 ** Math.min(failures, MOST_DOUBLINGS), longest);
}
