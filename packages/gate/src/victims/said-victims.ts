import { addressKeysOf, calledVictims, isAttackersIn, partsOf, type Victims } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import type { StixObject } from "@suar/stix";
import { selectBodies } from "../store/rendition.ts";
import { selectVersions } from "../store/version.ts";
import { selectLookedFor, selectVictims, type VictimLink, type VictimRow } from "../store/victim.ts";
import { KnownVictims } from "./known-victims.ts";
import { isOfInterest } from "./names-of.ts";

/**
 * What is known to be victims' once some objects are stated. `links`: what is a victim's with another. `newly`: names of
 * which that was not known.
 */
export type SaidVictims = {
  known: KnownVictims;
  links: readonly VictimLink[];
  newly: readonly string[];
  /** Whether nothing of it has changed shows here. */
  fingerprint: string;
};

/** Observed data holds traffic, and traffic has two ends: no chain of STIX's is longer. */
const DEEPEST = 8;

/**
 * Reads what a producer called victims', these objects among all that it stated: the parts of what was observed at a
 * victim's are a victim's, whichever of them was stated first, but for what the producer shows to be the attacker's.
 */
export async function readVictims(
  db: Queryable,
  producer: number,
  objects: readonly StixObject[],
): Promise<SaidVictims> {
  const before = await KnownVictims.read(db, producer, objects);
  const outright = new Set(objects.flatMap(calledOf));
  const roots = new Set([...outright, ...[...before.all.names].filter(isOfInterest)]);
  if (roots.size === 0) return { known: before, links: [], newly: [], fingerprint: before.fingerprint };
  const spreading = new Spreading(db, producer, objects);
  const links = await spreading.from(roots);
  const said = spreadOver(outright, before, links);
  const rows = await selectVictims(db, producer, [...said.names]);
  const newly = unknown(said, rows);
  const fingerprint = JSON.stringify([before.fingerprint, links, newly.toSorted()]);
  return { known: before.with(said), links, newly, fingerprint };
}

/** What an object calls a victim's outright, as far as it changes what is told of it. */
export function calledOf(object: StixObject): string[] {
  return calledVictims(object).filter(isOfInterest);
}

/** All names that are victims' by it; those in `named`, outright. */
function spreadOver(
  outright: ReadonlySet<string>,
  before: KnownVictims,
  links: readonly VictimLink[],
): Victims {
  const named = new Set(outright);
  const names = new Set([...outright, ...links.map(({ part }) => part)]);
  const wasNamed = new Set(before.rows.flatMap((row) => (row.outright && row.live ? [row.name] : [])));
  for (const { whole, part, same } of links)
    if (same && (named.has(whole) || wasNamed.has(whole))) named.add(part);
  return { names, named };
}

function unknown({ names, named }: Victims, rows: readonly VictimRow[]): string[] {
  const known = new Map(rows.filter(({ live }) => live).map((row) => [row.name, row.outright]));
  return [...names].filter((name) => !known.has(name) || (named.has(name) && known.get(name) === false));
}

/** Goes from what was called a victim's to its parts, level by level, over these objects and what was stated before. */
class Spreading {
  readonly #db: Queryable;
  readonly #producer: number;
  readonly #byId: Map<string, StixObject[]>;
  readonly #isAttackers: (object: StixObject) => boolean;

  constructor(db: Queryable, producer: number, objects: readonly StixObject[]) {
    this.#db = db;
    this.#producer = producer;
    this.#byId = Map.groupBy(objects, ({ id }) => id);
    this.#isAttackers = isAttackersIn(objects);
  }

  async from(roots: ReadonlySet<string>): Promise<VictimLink[]> {
    const links: VictimLink[] = [];
    const seen = new Set(roots);
    let level = [...roots];
    await this.#load(level);
    for (let depth = 0; level.length > 0 && depth < DEEPEST; depth += 1) {
      links.push(...level.flatMap((id) => this.#keysOf(id).map((part) => ({ whole: id, part, same: true }))));
      const parts = level.flatMap((whole) =>
        this.#partsOf(whole).map((part) => ({ whole, part, same: false })),
      );
      await this.#load(parts.map(({ part }) => part));
      const attackers = await this.#attackersAmong(parts.map(({ part }) => part));
      const theirs = parts.filter(({ part }) => !attackers.has(part));
      links.push(...theirs);
      level = [...new Set(theirs.map(({ part }) => part))].filter((id) => !seen.has(id));
      for (const id of level) seen.add(id);
    }
    return links;
  }

  #keysOf(id: string): readonly string[] {
    return [...new Set((this.#byId.get(id) ?? []).flatMap(addressKeysOf))];
  }

  #partsOf(id: string): string[] {
    return [...new Set((this.#byId.get(id) ?? []).flatMap(partsOf).filter(isOfInterest))];
  }

  async #attackersAmong(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const keys = new Set(ids.flatMap((id) => this.#keysOf(id)));
    const lookedFor = new Set(await selectLookedFor(this.#db, this.#producer, [...keys]));
    const isTheirs = (id: string): boolean =>
      (this.#byId.get(id) ?? []).some(this.#isAttackers) ||
      this.#keysOf(id).some((key) => lookedFor.has(key));
    return new Set(ids.filter(isTheirs));
  }

  /** What these objects do not hold, as the producer stated it before. */
  async #load(ids: readonly string[]): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.#byId.has(id));
    if (missing.length === 0) return;
    const stated = await selectVersions(this.#db, this.#producer, missing);
    const live = [...stated.values()].flat().filter((version) => version.withdrawn_at === null);
    const bodies = await selectBodies(
      this.#db,
      live.map((version) => version.rendition_id),
    );
    for (const id of missing) this.#byId.set(id, []);
    for (const version of live) {
      const body = bodies.get(version.rendition_id)?.body;
      if (body !== undefined) this.#byId.get(version.stix_id)?.push(JSON.parse(body) as StixObject);
    }
  }
}
