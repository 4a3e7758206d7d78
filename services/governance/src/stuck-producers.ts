import type { Logger } from "@suar/runtime";
import {
  afterFailure,
  afterSuccess,
  isTrouble,
  NO_SETBACK,
  patienceOf,
  type Setback,
  sizeOf,
  type Task,
} from "./setback.ts";
import { StuckPicture } from "./stuck-picture.ts";

type Stuck = { task: Task; producer: number; setback: Setback };

/**
 * Producers whose pages failed in this process: another holds their lock for long, or what they take is too much. The others
 * go on; these are tried again after pauses that grow, with more patience where they were waited for, and for less at once
 * where it took too long. Objects that cannot be decided are in the database, for all processes. For as long as there are any
 * of either, the operator is told.
 */
export class StuckProducers {
  readonly #realm: string;
  readonly #log: Logger;
  readonly #picture: StuckPicture;
  readonly #stuck = new Map<string, Stuck>();
  #undecided: readonly number[] = [];

  constructor(realm: string, around: { log: Logger; troubles: Map<string, string> }) {
    this.#realm = realm;
    this.#log = around.log;
    this.#picture = new StuckPicture(realm, around);
  }

  rests(task: Task, producer: number): boolean {
    return performance.now() < this.#of(task, producer).until;
  }

  /** For how many milliseconds it may wait for a lock while the others wait. */
  patienceFor(task: Task, producer: number): number {
    return patienceOf(this.#of(task, producer));
  }

  /** Whether somebody else was found to hold its lock for long, or so many queue for it. */
  isBusy(task: Task, producer: number): boolean {
    return this.#of(task, producer).waits > 0;
  }

  /** How much of it is asked for, where so much usually is. */
  sizeFor(task: Task, producer: number, usual: number): number {
    return sizeOf(this.#of(task, producer), usual);
  }

  failed(task: Task, producer: number, error: unknown): void {
    const now = performance.now();
    const setback = afterFailure(this.#of(task, producer), task, error, now);
    this.#stuck.set(nameOf(task, producer), { task, producer, setback });
    this.#log[isTrouble(setback, now) ? "warn" : "info"](
      { err: error, realm: this.#realm, task, producer, failures: setback.failures },
      "a page could not be decided anew; others go on, and it is tried again",
    );
    this.#show();
  }

  worked(task: Task, producer: number): void {
    const name = nameOf(task, producer);
    if (!this.#stuck.has(name)) return;
    const setback = afterSuccess(this.#of(task, producer));
    if (setback === undefined) this.#stuck.delete(name);
    else this.#stuck.set(name, { task, producer, setback });
    this.#show();
  }

  /** What nobody waits for any more is not stuck. `undecided`: who has objects that cannot be decided. */
  keep(isWaiting: (task: Task, producer: number) => boolean, undecided: readonly number[]): void {
    for (const [name, { task, producer }] of this.#stuck)
      if (!isWaiting(task, producer)) this.#stuck.delete(name);
    this.#undecided = undecided;
    this.#show();
  }

  /** Nobody looks any more: nothing is said of the realm. */
  clear(): void {
    this.#stuck.clear();
    this.#undecided = [];
    this.#picture.clear();
  }

  #of(task: Task, producer: number): Setback {
    return this.#stuck.get(nameOf(task, producer))?.setback ?? NO_SETBACK;
  }

  #show(): void {
    const now = performance.now();
    const troubled = [...this.#stuck.values()].filter(({ setback }) => isTrouble(setback, now));
    this.#picture.show(new Set([...troubled.map(({ producer }) => producer), ...this.#undecided]).size);
  }
}

function nameOf(task: Task, producer: number): string {
  return `${task} ${producer}`;
}
