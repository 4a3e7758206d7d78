import { type Filter, isWatching } from "@suar/contract";
import type { Queryable } from "@suar/runtime";
import { type AssetSet, assetSet, parseAsset } from "@suar/stix";
import { compileFilter, type Matcher } from "../read/match.ts";
import { selectChangedLists, type WatchRow } from "../store/watch-list.ts";
import { openList, type WatchSeal } from "./watch-list.ts";

const NOTHING: AssetSet = assetSet([]);

/** What an organisation is known to watch. */
type Known = { readonly organisationId: number; version: number; assets: AssetSet };

/** One organisation's filter, in which `@watch` stands for what it watches at the moment of each look. */
export class OwnFilter {
  readonly #filter: Filter;
  readonly #seal: WatchSeal;
  readonly #known: Known;
  readonly #matches: Matcher;

  constructor(filter: Filter, seal: WatchSeal, organisationId: number) {
    this.#filter = filter;
    this.#seal = seal;
    this.#known = { organisationId, version: 0, assets: NOTHING };
    this.#matches = compileFilter(filter, () => this.#known.assets);
  }

  /** As of now; `db` reads as that organisation. */
  async matcher(db: Queryable): Promise<Matcher> {
    if (isWatching(this.#filter))
      for (const row of await selectChangedLists(db, [this.#known])) take(this.#known, this.#seal, row);
    return this.#matches;
  }
}

/** How old what stays in memory may be. */
const LOOK_EVERY_MS = 1_000;

/**
 * What those watch who read for long, all of a process together: one statement a second for however many. What nobody's
 * filter holds any more is forgotten.
 */
export class Watched {
  readonly #db: Queryable;
  readonly #seal: WatchSeal;
  readonly #unreadable: (error: unknown, organisationId: number) => void;
  readonly #held = new Map<number, WeakRef<Known>>();
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(db: Queryable, seal: WatchSeal, unreadable: (error: unknown, organisationId: number) => void) {
    this.#db = db;
    this.#seal = seal;
    this.#unreadable = unreadable;
  }

  /** A filter that takes up what changes, for as long as `lookIfDue` is called. Throws where the list was altered. */
  async filterFor(filter: Filter, organisationId: number): Promise<Matcher> {
    if (!isWatching(filter)) return compileFilter(filter);
    const known = this.#held.get(organisationId)?.deref() ?? {
      organisationId,
      version: 0,
      assets: NOTHING,
    };
    this.#held.set(organisationId, new WeakRef(known));
    for (const row of await selectChangedLists(this.#db, [known])) take(known, this.#seal, row);
    return compileFilter(filter, () => known.assets);
  }

  async lookIfDue(): Promise<void> {
    if (this.#held.size === 0 || performance.now() - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = performance.now();
    const known = this.#inUse();
    if (known.size === 0) return;
    for (const row of await selectChangedLists(this.#db, [...known.values()])) {
      const one = known.get(row.organisation_id);
      if (one !== undefined) this.#takeIfGood(one, row);
    }
  }

  /** A row that was altered is told of and keeps nobody else waiting; what was known before stays. */
  #takeIfGood(known: Known, row: WatchRow): void {
    try {
      take(known, this.#seal, row);
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

function take(known: Known, seal: WatchSeal, row: WatchRow): void {
  const { values, version } = openList(seal, row);
  known.assets = assetSet(values.flatMap((value) => assetsIn(value)));
  known.version = version;
}

/** Each was read when it was written: one that is none any more has to be told of. */
function assetsIn(value: string) {
  const read = parseAsset(value);
  if (!read.ok) throw new Error(`a watch list holds what is no asset: ${read.code}`);
  return [read.asset];
}
