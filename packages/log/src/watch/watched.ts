import { type Filter, isWatching } from "@suar/contract";
import type { Queryable } from "@suar/runtime";
import { type AssetSet, assetSet } from "@suar/stix";
import { compileFilter, type Matcher } from "../read/match.ts";
import { selectChangedLists, type WatchRow } from "../store/watch-list.ts";
import type { WatchSeal } from "./watch-list.ts";
import { watchedSet } from "./watched-sets.ts";

const NOTHING: AssetSet = assetSet([]);

/** What an organisation is known to watch, how often its row was read, and which of these readings it is of. */
type Known = {
  readonly organisationId: number;
  version: number;
  assets: AssetSet;
  reads: number;
  taken: number;
};

function nothingKnown(organisationId: number): Known {
  return { organisationId, version: 0, assets: NOTHING, reads: 0, taken: 0 };
}

/** One organisation's filter, in which `@watch` stands for what it watches at the moment of each look. */
export class OwnFilter {
  readonly #filter: Filter;
  readonly #seal: WatchSeal;
  readonly #known: Known;
  readonly #matches: Matcher;

  constructor(filter: Filter, seal: WatchSeal, organisationId: number) {
    this.#filter = filter;
    this.#seal = seal;
    this.#known = nothingKnown(organisationId);
    this.#matches = compileFilter(filter, organisationId, () => this.#known.assets);
  }

  /** Whether `@watch` is among what it asks for. */
  get isWatching(): boolean {
    return isWatching(this.#filter);
  }

  /** As of now; `db` reads as that organisation. */
  async matcher(db: Queryable): Promise<Matcher> {
    if (this.isWatching)
      for (const row of await selectChangedLists(db, [this.#known])) await take(this.#known, this.#seal, row);
    return this.#matches;
  }
}

/**
 * What those watch who read for long, all of a process together: one statement a look for however many. What nobody's
 * filter holds any more is forgotten.
 */
export class Watched {
  readonly #db: Queryable;
  readonly #seal: WatchSeal;
  readonly #unreadable: (error: unknown, organisationId: number) => void;
  readonly #held = new Map<number, WeakRef<Known>>();

  constructor(db: Queryable, seal: WatchSeal, unreadable: (error: unknown, organisationId: number) => void) {
    this.#db = db;
    this.#seal = seal;
    this.#unreadable = unreadable;
  }

  /** A filter that takes up what changes, for as long as `look` is called. Throws where the list was altered. */
  async filterFor(filter: Filter, organisationId: number): Promise<Matcher> {
    if (!isWatching(filter)) return compileFilter(filter, organisationId);
    const known = this.#held.get(organisationId)?.deref() ?? nothingKnown(organisationId);
    this.#held.set(organisationId, new WeakRef(known));
    for (const row of await selectChangedLists(this.#db, [known])) await take(known, this.#seal, row);
    return compileFilter(filter, organisationId, () => known.assets);
  }

  /** Takes up what has changed. Beside the tail's reading: a list of thousands keeps no entry waiting. */
  async look(): Promise<void> {
    const known = this.#inUse();
    if (known.size === 0) return;
    for (const row of await selectChangedLists(this.#db, [...known.values()])) {
      const one = known.get(row.organisation_id);
      if (one !== undefined) await this.#takeIfGood(one, row);
    }
  }

  /** A row that was altered is told of and keeps nobody else waiting; what was known before stays. */
  async #takeIfGood(known: Known, row: WatchRow): Promise<void> {
    try {
      await take(known, this.#seal, row);
    } catch (error) {
      this.#unreadable(error, row.organisation_id);
    }
  }

  #inUse(): Map<number, Known> {
    const inUse = new Map<number, Known>();
    for (const [organisationId, reference] of this.#held) {
      const known = reference.deref();
      if (known === undefined) this.#held.delete(organisationId);
      else inUse.set(organisationId, known);
    }
    return inUse;
  }
}

/** Of two that are taken at once, the one that was read last stays. */
async function take(known: Known, seal: WatchSeal, row: WatchRow): Promise<void> {
  known.reads += 1;
  const turn = known.reads;
  const assets = await watchedSet(seal, row);
  if (turn < known.taken) return;
  Object.assign(known, { assets, version: row.version, taken: turn });
}
