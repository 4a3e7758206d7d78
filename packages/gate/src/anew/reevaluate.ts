import type { PoolClient } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { lockStanding } from "../context/standing.ts";
import { Waiting } from "../context/waiting.ts";
import { selectNamings, selectReferring } from "../store/reference.ts";
import { selectStatedIds } from "../store/version.ts";
import type { Naming } from "./decide-anew.ts";
import { findSettled, MOST_AHEAD } from "./look-ahead.ts";
import { reevaluateObject } from "./reevaluate-object.ts";

/** Ids of one producer's objects to decide anew; or all of them, a page at a time in the order of their ids. */
export type Reevaluated = { stixIds: readonly string[] } | Page;

/** `withinMs`: no further object is begun after so long, so that releases of the same producer need not wait. */
export type Page = { after: string; limit: number; withinMs?: number };

/**
 * `narrowed`: ids of objects that somebody lost; `decided`: how many of those asked for were looked at. `next`: where to
 * go on; undefined after the last page.
 */
export type Reevaluation = {
  narrowed: string[];
  widened: string[];
  decided: number;
  next: string | undefined;
};

/**
 * Decides released objects of a producer anew, after its markings, members, agreements or policies have changed, or time
 * has passed. Who may no longer have a copy is told so, alone, and cannot reach it from this commit on; who newly may gets
 * an entry. What names an object that somebody lost is decided anew with it: an id can betray the value that it was made
 * from. In the caller's transaction; what it reads is the context's one directory and one set of policies.
 */
export async function reevaluate(
  db: PoolClient,
  made: ReleaseContext,
  what: Reevaluated,
): Promise<Reevaluation> {
  const context = await lockStanding(db, made);
  const { producer } = context;
  const ids = "stixIds" in what ? what.stixIds : await selectStatedIds(db, producer.id, what);
  const isPage = "limit" in what;
  const end = performance.now() + ((isPage && what.withinMs) || Number.POSITIVE_INFINITY);
  const pass = new Pass(db, context);
  const decided = isPage ? await pass.decideUntil(end, ids) : ids.length;
  if (!isPage) await pass.wait(ids);
  await pass.decideWaiting();
  const isMore = isPage && (decided < ids.length || ids.length === what.limit);
  const { narrowed, widened } = pass;
  return {
    narrowed: [...narrowed],
    widened: [...widened],
    decided,
    next: isMore ? ids[decided - 1] : undefined,
  };
}

const FEWEST_AHEAD = 8;

/** What one transaction decides anew. */
class Pass {
  readonly narrowed = new Set<string>();
  readonly widened = new Set<string>();
  readonly #waiting = new Waiting([]);
  readonly #times = new Map<string, number>();
  readonly #db: PoolClient;
  readonly #context: ReleaseContext;

  constructor(db: PoolClient, context: ReleaseContext) {
    this.#db = db;
    this.#context = context;
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
    let ahead = { settled: new Set<string>(), to: 0, size: FEWEST_AHEAD };
    for (const [index, id] of ids.entries()) {
      if (index > 0 && performance.now() > end) return index;
      // What was written since may be of what it names.
      if (this.#isUnchanged && index === ahead.to) ahead = await this.#look(ids.slice(index), ahead);
      this.#waiting.drop(id);
      if (!(this.#isUnchanged && ahead.settled.has(id))) await this.#decide(id);
    }
    return ids.length;
  }

  async #look(ids: readonly string[], { to, size }: { to: number; size: number }) {
    const some = ids.slice(0, size);
    const settled = await findSettled(this.#db, this.#context, some);
    const isQuiet = settled.size === some.length;
    return { settled, to: to + some.length, size: isQuiet ? Math.min(2 * size, MOST_AHEAD) : FEWEST_AHEAD };
  }

  get #isUnchanged(): boolean {
    return this.narrowed.size + this.widened.size === 0;
  }

  async decideWaiting(): Promise<void> {
    for (let id = this.#waiting.take(); id !== undefined; id = this.#waiting.take()) await this.#decide(id);
  }

  async #decide(id: string): Promise<void> {
    const time = (this.#times.get(id) ?? 0) + 1;
    if (time > MOST_TIMES) return;
    this.#times.set(id, time);
    const change = await reevaluateObject(this.#db, this.#context, id, namingAt(time));
    if (change.gained) this.widened.add(id);
    if (!change.lost) return;
    this.narrowed.add(id);
    await this.wait(await selectReferring(this.#db, this.#context.producer.id, [id]));
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
