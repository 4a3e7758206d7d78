import type { PoolClient } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { Waiting } from "../context/waiting.ts";
import { closeToAll, type EarlyLoss } from "../store/closed.ts";
import { type Due, insertDue, postponeDue, takeDueOf } from "../store/due.ts";
import { selectNamings, selectReferring } from "../store/reference.ts";
import { withinSavepoint } from "../store/savepoint.ts";
import { selectSizes } from "../store/size.ts";
import { closeWithNaming } from "./close-with-naming.ts";
import { withinPart } from "./cut-parts.ts";
import type { Naming } from "./decide-anew.ts";
import { MOST_AHEAD } from "./look-ahead.ts";
import { type Changes, reevaluateTogether } from "./reevaluate-together.ts";
import { isOfObjects } from "./whose-failure.ts";

/** An object that could not be decided, and why. */
export type Failed = { id: string; error: unknown };

/**
 * `asked`: how many ids it was asked for; `failures`: how often in a row they could not be decided before; `times`: how often
 * in a row they were.
 */
type Manner = { asked: number } & Pick<Due, "failures" | "times">;

/** A release of the same producer waits for as many at least, or for what a part holds (`cut-parts.ts`). */
const FEWEST_AT_ONCE = 25;
/** Of what names the things that somebody lost, so much is decided with them; of more it is closed now, and due. */
const MOST_FOLLOWING = 200;

/** What one transaction decides anew. */
export class Pass {
  readonly narrowed = new Set<string>();
  readonly widened = new Set<string>();
  readonly failed: Failed[] = [];
  readonly #waiting = new Waiting([]);
  /** Of what was decided just now, what somebody has again who was not told that it was closed. */
  readonly #again = new Set<string>();
  /** How often each was decided in what follows from others, in this transaction and before it. */
  readonly #times: Map<string, number>;
  readonly #db: PoolClient;
  readonly #context: ReleaseContext;
  readonly #manner: Manner;

  constructor(db: PoolClient, context: ReleaseContext, manner: Manner) {
    this.#db = db;
    this.#context = context;
    this.#manner = manner;
    this.#times = new Map(manner.times);
  }

  /** Whatever their order, and however many; how many. */
  async decideAll(ids: readonly string[]): Promise<number> {
    await this.#wait(this.#waiting, ids);
    await this.#decideWaiting(this.#waiting);
    return ids.length;
  }

  /** Some at least, in the order given, and more and more at once; how many. */
  async decideUntil(end: number, ids: readonly string[]): Promise<number> {
    let [done, size] = [0, FEWEST_AT_ONCE];
    while (done < ids.length && (done === 0 || performance.now() < end)) {
      const next = ids.slice(done, done + size);
      const some = withinPart(next, await selectSizes(this.#db, this.#context.producer.id, next));
      await this.#decideOrdered(some);
      done += some.length;
      size = Math.min(2 * size, MOST_AHEAD);
    }
    await this.#decideWaiting(this.#waiting);
    return done;
  }

  /** What follows from them waits: of what names many things that change one after the other each is decided once. */
  async #decideOrdered(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#waiting.drop(id);
    const ordered = new Waiting([]);
    await this.#wait(ordered, ids);
    await this.#decideWaiting(ordered);
  }

  async #wait(waiting: Waiting, ids: readonly string[]): Promise<void> {
    if (waiting.add(ids).length === 0) return;
    const all = waiting.ids;
    if (all.length > 1) waiting.learn(await selectNamings(this.#db, this.#context.producer.id, all));
  }

  async #decideWaiting(waiting: Waiting): Promise<void> {
    for (let some = waiting.take(MOST_AHEAD); some.length > 0; some = waiting.take(MOST_AHEAD)) {
      const lost: EarlyLoss[] = [];
      for (const [naming, same] of Map.groupBy(this.#counted(some), ({ time }) => namingAt(time)))
        for (const ids of this.#apart(same)) lost.push(...(await this.#decide(ids, naming)));
      if (lost.length + this.#again.size > 0) await this.#follow(waiting, lost);
    }
  }

  /** Those that may be decided once more, and how often they are then. */
  #counted(ids: readonly string[]): { id: string; time: number }[] {
    return ids.flatMap((id) => {
      const time = (this.#times.get(id) ?? 0) + 1;
      if (time > MOST_TIMES) return [];
      this.#times.set(id, time);
      return [{ id, time }];
    });
  }

  /** What could not be decided before is tried by itself. */
  #apart(all: readonly { id: string }[]): string[][] {
    const ids = all.map(({ id }) => id);
    const { failures } = this.#manner;
    const alone = ids.filter((id) => failures.has(id)).map((id) => [id]);
    const together = ids.filter((id) => !failures.has(id));
    return together.length === 0 ? alone : [together, ...alone];
  }

  /** Where something of them cannot be decided it is undone, and each half is done by itself. Who lost what. */
  async #decide(ids: readonly string[], naming: Naming): Promise<EarlyLoss[]> {
    try {
      const decide = async () => await reevaluateTogether(this.#db, this.#context, { ids, naming });
      return this.#note(await withinSavepoint(this.#db, decide));
    } catch (error) {
      if (!isOfObjects(error, this.#manner.asked)) throw error;
      const [id, another] = ids;
      if (id !== undefined && another === undefined) return await this.#withhold({ id, error });
    }
    const half = ids.length >> 1;
    const first = await this.#decide(ids.slice(0, half), naming);
    return [...first, ...(await this.#decide(ids.slice(half), naming))];
  }

  #note({ lost, gained, again }: Changes): EarlyLoss[] {
    for (const id of again) this.#again.add(id);
    for (const { stixId } of lost) this.narrowed.add(stixId);
    for (const id of gained) this.widened.add(id);
    return lost;
  }

  /** What names a thing that somebody lost, or has again, is decided after it. */
  async #follow(waiting: Waiting, lost: readonly EarlyLoss[]): Promise<void> {
    const { id: producer } = this.#context.producer;
    const again = [...this.#again];
    this.#again.clear();
    const names = [...new Set([...lost.map(({ stixId }) => stixId), ...again])];
    const most = Math.max(0, MOST_FOLLOWING - this.#waiting.ids.length);
    const referring = await selectReferring(this.#db, producer, names, most + 1);
    const left = referring.filter((id) => waiting === this.#waiting || !waiting.has(id));
    const times = Math.max(0, ...names.map((id) => this.#times.get(id) ?? 0)) - 1;
    if (referring.length <= most) return await this.#waitAfter(left, times);
    const { naming } = await closeWithNaming(this.#db, producer, lost);
    const others = again.length === 0 ? [] : await selectReferring(this.#db, producer, again, null);
    await this.#postpone(new Set([...naming, ...others]), times);
  }

  /** Those that are due besides are so no more. Each goes on from where it was, and no earlier than what it follows. */
  async #waitAfter(ids: readonly string[], times: number): Promise<void> {
    const due = await takeDueOf(this.#db, this.#context.producer.id, ids);
    for (const id of ids) {
      const before = Math.max(times, this.#times.get(id) ?? 0, due.get(id) ?? 0);
      if (before > 0) this.#times.set(id, before);
    }
    await this.#wait(this.#waiting, ids);
  }

  /** The same in another transaction. What is closed is decided once more at least. */
  async #postpone(ids: Iterable<string>, times = 0): Promise<void> {
    const all = [...ids].map((id) => ({
      id,
      times: Math.min(MOST_TIMES - 1, Math.max(times, this.#times.get(id) ?? 0)),
    }));
    if (all.length > 0) await insertDue(this.#db, this.#context.producer.id, all);
  }

  /** Nobody but its producer has it until it is decided; what goes with it is decided without it. */
  async #withhold(failed: Failed): Promise<EarlyLoss[]> {
    const { id } = failed;
    this.failed.push(failed);
    this.#times.set(id, MOST_TIMES);
    const producer = this.#context.producer.id;
    const { naming } = await closeWithNaming(this.#db, producer, await closeToAll(this.#db, producer, [id]));
    await this.#postpone([...naming].filter((one) => one !== id));
    await postponeDue(this.#db, producer, id, this.#manner.failures.get(id) ?? 0);
    return [];
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
