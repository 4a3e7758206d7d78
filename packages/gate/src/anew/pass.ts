import type { PoolClient } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { Waiting } from "../context/waiting.ts";
import { closeToAll } from "../store/closed.ts";
import { insertDue, postponeDue } from "../store/due.ts";
import { selectNamings, selectReferring } from "../store/reference.ts";
import { withinSavepoint } from "../store/savepoint.ts";
import { closeWithNaming } from "./close-with-naming.ts";
import type { Naming } from "./decide-anew.ts";
import { findSettled, MOST_AHEAD } from "./look-ahead.ts";
import { type Change, reevaluateObject } from "./reevaluate-object.ts";
import { isOfObjects } from "./whose-failure.ts";

/** An object that could not be decided, and why. */
export type Failed = { id: string; error: unknown };

/**
 * `isCareful`: an object that cannot be decided is left out. `asked`: how many ids it was asked for; `failures`: how often
 * in a row they could not be decided before.
 */
type Manner = { isCareful: boolean; asked: number; failures: ReadonlyMap<string, number> };

const FEWEST_AHEAD = 8;

/** Of the ids up to a place those of which nothing changes; `size`: how many are looked at next. */
type Ahead = { settled: ReadonlySet<string>; to: number; size: number };

/** What one transaction decides anew. */
export class Pass {
  readonly narrowed = new Set<string>();
  readonly widened = new Set<string>();
  readonly failed: Failed[] = [];
  readonly #waiting = new Waiting([]);
  readonly #times = new Map<string, number>();
  readonly #db: PoolClient;
  readonly #context: ReleaseContext;
  readonly #manner: Manner;

  constructor(db: PoolClient, context: ReleaseContext, manner: Manner) {
    this.#db = db;
    this.#context = context;
    this.#manner = manner;
  }

  async wait(ids: readonly string[]): Promise<void> {
    if (this.#waiting.add(ids).length === 0) return;
    const all = this.#waiting.ids;
    if (all.length > 1) this.#waiting.learn(await selectNamings(this.#db, this.#context.producer.id, all));
  }

  /**
   * One at least, in the order given; how many. As long as nothing changes, more and more are looked at together: where most
   * change a look ahead would be for nothing.
   */
  async decideUntil(end: number, ids: readonly string[]): Promise<number> {
    let ahead: Ahead = { settled: new Set(), to: 0, size: FEWEST_AHEAD };
    for (const [index, id] of ids.entries()) {
      if (index > 0 && performance.now() > end) return index;
      // What was written since may be of what it names.
      if (this.#isUnchanged && index === ahead.to) ahead = await this.#look(ids.slice(index), ahead);
      this.#waiting.drop(id);
      if (!(this.#isUnchanged && ahead.settled.has(id))) await this.#decide(id);
    }
    return ids.length;
  }

  async #look(ids: readonly string[], ahead: Ahead): Promise<Ahead> {
    const some = ids.slice(0, ahead.size);
    const settled = await this.#findSettled(some);
    // What cannot be looked at with others is looked at with fewer, and at last decided by itself.
    if (settled === undefined && some.length > 1)
      return await this.#look(ids, { ...ahead, size: some.length >> 1 });
    const isQuiet = settled?.size === some.length;
    return {
      settled: settled ?? new Set(),
      to: ahead.to + some.length,
      size: isQuiet ? Math.min(2 * ahead.size, MOST_AHEAD) : FEWEST_AHEAD,
    };
  }

  /** Undefined where one of them cannot be decided. */
  async #findSettled(ids: readonly string[]): Promise<ReadonlySet<string> | undefined> {
    const find = async () => await findSettled(this.#db, this.#context, ids);
    return this.#manner.isCareful ? await this.#orUndefined(find) : await find();
  }

  async #orUndefined<T>(work: () => Promise<T>, failed?: (error: unknown) => void): Promise<T | undefined> {
    try {
      return await withinSavepoint(this.#db, work);
    } catch (error) {
      if (!isOfObjects(error, this.#manner.asked)) throw error;
      failed?.(error);
      return undefined;
    }
  }

  get #isUnchanged(): boolean {
    return this.narrowed.size + this.widened.size + this.failed.length === 0;
  }

  async decideWaiting(): Promise<void> {
    for (let id = this.#waiting.take(); id !== undefined; id = this.#waiting.take()) await this.#decide(id);
  }

  async #decide(id: string): Promise<void> {
    const time = (this.#times.get(id) ?? 0) + 1;
    if (time > MOST_TIMES) return;
    this.#times.set(id, time);
    const change = await this.#reevaluate(id, namingAt(time));
    if (change === undefined) return await this.#withhold(id);
    if (change.gained) this.widened.add(id);
    if (!change.lost) return;
    this.narrowed.add(id);
    await this.wait(await selectReferring(this.#db, this.#context.producer.id, [id]));
  }

  /** Undefined where it cannot be decided. */
  async #reevaluate(id: string, naming: Naming): Promise<Change | undefined> {
    const decide = async () => await reevaluateObject(this.#db, this.#context, id, naming);
    if (!this.#manner.isCareful) return await decide();
    return await this.#orUndefined(decide, (error) => this.failed.push({ id, error }));
  }

  /** Nobody but its producer has it until it is decided; what goes with it is decided without it. */
  async #withhold(id: string): Promise<void> {
    this.#times.set(id, MOST_TIMES);
    const producer = this.#context.producer.id;
    const { naming } = await closeWithNaming(this.#db, producer, await closeToAll(this.#db, producer, [id]));
    await insertDue(
      this.#db,
      producer,
      [...naming].filter((one) => one !== id),
    );
    await postponeDue(this.#db, producer, id, this.#manner.failures.get(id) ?? 0);
  }
}

/**
 * Objects whose copies name each other in a circle would change for ever, each after the other's: from the fourth time on
 * they name to nobody what they have a copy of. The last time they name nothing to anybody but their producer, since what
 * they name may still be taken from whoever they tell of it.
 */
const MOST_TIMES = 16;
const TIMES_BY_COPIES = 3;

function namingAt(time: number): Naming {
  if (time <= TIMES_BY_COPIES) return "copies";
  return time < MOST_TIMES ? "wholes" : "nothing";
}
