import { addressKeysOf, partsOf } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import type { StixObject } from "@suar/stix";
import { selectBodies } from "../store/rendition.ts";
import { selectVersions } from "../store/version.ts";
import { selectLookedFor, selectVictims, type VictimRow } from "../store/victim.ts";
import type { Gathered } from "./gathered.ts";
import { isOfInterest } from "./names-of.ts";

/** What is a victim's where something else is; `same`: another name of that very thing. */
export type VictimLink = { whole: string; part: string; same: boolean };

type Given = {
  db: Queryable;
  producer: number;
  said: Gathered;
  /** Parts that the whole submission shows to be an attacker's. */
  attackers: ReadonlySet<string>;
  known: readonly VictimRow[];
};

/**
 * Goes from what was called a victim's to its parts, level by level, over these objects and what was stated before. What was
 * spread before is not gone through again, however often it is called a victim's, but once where that was before causes
 * were kept. A level is at most another of STIX's
 * own: observed data holds traffic, and traffic has two ends.
 */
export class Spreading {
  /** Parts that are an attacker's. */
  readonly attackers = new Set<string>();
  readonly #given: Given;
  readonly #stated: ReadonlySet<string>;
  readonly #byId: Map<string, StixObject[]>;
  readonly #through = new Set<string>();
  readonly #rows: Map<string, VictimRow | undefined>;

  constructor(given: Given) {
    this.#given = given;
    this.#byId = Map.groupBy(given.said.objects, ({ id }) => id);
    this.#stated = new Set(this.#byId.keys());
    this.#rows = new Map(given.known.map((row) => [row.name, row]));
  }

  /** Of the roots, those in `outright` are called so themselves. The link to a part comes before those from it. */
  async from(roots: ReadonlySet<string>, outright: ReadonlySet<string>): Promise<VictimLink[]> {
    const links: VictimLink[] = [];
    const seen = new Set(roots);
    await this.#know([...roots]);
    let level = [...roots].filter((id) => !this.#isSpread(id, outright.has(id)));
    await this.#load(level);
    while (level.length > 0) {
      const held = await this.#linksFrom(level);
      links.push(...held);
      await this.#know(held.map(({ part }) => part));
      const parts = held.flatMap(({ part }) => (isOfInterest(part) ? [part] : []));
      level = [...new Set(parts)].filter((id) => !seen.has(id) && !this.#isSpread(id, false));
      for (const id of level) seen.add(id);
    }
    return links;
  }

  /** Whether that it is a victim's was known before. */
  isKnown(name: string, outright: boolean): boolean {
    const row = this.#rows.get(name);
    return row?.live === true && (row.outright || !outright);
  }

  /** Nothing new comes of it: its parts are known by their own names. */
  #isSpread(id: string, outright: boolean): boolean {
    return !this.#stated.has(id) && this.isKnown(id, outright) && this.#rows.get(id)?.spread === true;
  }

  /** Of what was known before, what was gone through only now. */
  get late(): string[] {
    return [...this.#through].filter((name) => {
      const row = this.#rows.get(name);
      return row?.live === true && !row.spread;
    });
  }

  async #linksFrom(level: readonly string[]): Promise<VictimLink[]> {
    for (const id of level) this.#through.add(id);
    const names = level.flatMap((whole) =>
      this.#of(whole, addressKeysOf).map((part) => ({ whole, part, same: true })),
    );
    const held = level.flatMap((whole) => this.#partsOf(whole).map((part) => ({ whole, part, same: false })));
    const parts = held.map(({ part }) => part);
    await this.#load(parts.filter(isOfInterest));
    const attackers = await this.#attackersAmong(parts);
    for (const id of attackers) this.attackers.add(id);
    return [...names, ...held.filter(({ part }) => !attackers.has(part))];
  }

  #of(id: string, tell: (object: StixObject) => readonly string[]): string[] {
    return [...new Set((this.#byId.get(id) ?? []).flatMap(tell))];
  }

  #isAttackers(object: StixObject): boolean {
    return this.#given.said.attackers.has(object);
  }

  /** Ids, and the keys of addresses that have none, since what holds them has them in itself. */
  #partsOf(whole: string): string[] {
    const within = this.#of(whole, partsOf).filter(isOfInterest);
    const embedded = (this.#byId.get(whole) ?? []).flatMap(embeddedIn);
    const theirs = embedded.filter((one) => !this.#isAttackers(one));
    return [...within, ...new Set(theirs.flatMap(addressKeysOf))];
  }

  async #attackersAmong(parts: readonly string[]): Promise<ReadonlySet<string>> {
    const { db, producer, attackers } = this.#given;
    const keysOf = (part: string): string[] => (isOfInterest(part) ? this.#of(part, addressKeysOf) : [part]);
    const lookedFor = new Set(await selectLookedFor(db, producer, [...new Set(parts.flatMap(keysOf))]));
    const isTheirs = (part: string): boolean =>
      attackers.has(part) ||
      (this.#byId.get(part) ?? []).some((one) => this.#isAttackers(one)) ||
      keysOf(part).some((key) => lookedFor.has(key));
    return new Set(parts.filter(isTheirs));
  }

  async #know(names: readonly string[]): Promise<void> {
    const unasked = [...new Set(names)].filter((name) => !this.#rows.has(name));
    const rows = await selectVictims(this.#given.db, this.#given.producer, unasked);
    for (const name of unasked) this.#rows.set(name, undefined);
    for (const row of rows) this.#rows.set(row.name, row);
  }

  /** What these objects do not hold, as the producer stated it before. */
  async #load(ids: readonly string[]): Promise<void> {
    const { db, producer } = this.#given;
    const missing = [...new Set(ids)].filter((id) => !this.#byId.has(id));
    if (missing.length === 0) return;
    const stated = await selectVersions(db, producer, missing);
    const live = [...stated.values()].flat().filter((version) => version.withdrawn_at === null);
    const bodies = await selectBodies(
      db,
      live.map((version) => version.rendition_id),
    );
    for (const id of missing) this.#byId.set(id, []);
    for (const version of live) {
      const body = bodies.get(version.rendition_id)?.body;
      if (body !== undefined) this.#byId.get(version.stix_id)?.push(JSON.parse(body) as StixObject);
    }
  }
}

/** What observed data holds in itself (STIX 2.1 §4.14.1, deprecated). */
function embeddedIn({ type, objects }: StixObject): StixObject[] {
  return type === "observed-data" && typeof objects === "object" && objects !== null
    ? Object.values(objects)
    : [];
}
