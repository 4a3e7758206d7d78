import type { Logger, Queryable } from "@suar/runtime";
import { cancelWaiting } from "../store/reevaluation.ts";

/** `db`: ends what it waits for. `ended`: the loop has more to do. */
type Surroundings = { db: Queryable; log: Logger; ended(): void };

/**
 * A long wait for one producer's lock, beside the turns of the others: they go on meanwhile. One at a time, since each holds a
 * connection.
 */
export class WaitAside {
  readonly #around: Surroundings;
  #waiting: { producer: number; pid?: number; end: Promise<void> } | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  get isBusy(): boolean {
    return this.#waiting !== undefined;
  }

  isFor(producer: number): boolean {
    return this.#waiting?.producer === producer;
  }

  /** `work` says on which connection it waits, and when it waits no more. */
  start(producer: number, work: (waitsOn: (pid: number | undefined) => void) => Promise<unknown>): void {
    if (this.#waiting !== undefined) throw new Error("one is waited for already");
    const waiting: { producer: number; pid?: number; end: Promise<void> } = {
      producer,
      end: Promise.resolve(),
    };
    this.#waiting = waiting;
    waiting.end = this.#run(async () => {
      await work((pid) => {
        if (pid === undefined) delete waiting.pid;
        else waiting.pid = pid;
      });
    });
  }

  async #run(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#around.log.warn({ err: error }, "a wait for a producer ended; it is tried again");
    } finally {
      this.#waiting = undefined;
      this.#around.ended();
    }
  }

  /** Waits no longer. */
  async stop(): Promise<void> {
    const waiting = this.#waiting;
    if (waiting?.pid !== undefined) await cancelWaiting(this.#around.db, waiting.pid);
    await waiting?.end;
  }
}
