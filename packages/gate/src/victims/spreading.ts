import { addressKeysOf, type Harmed, holdingOf, isInfrastructure } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import { keysOf, type StixObject } from "@suar/stix";
import type { PlannedVictims } from "../context/release-item.ts";
import { selectBodies } from "../store/rendition.ts";
import { selectVersions } from "../store/version.ts";
import { selectHoldings, selectLookedFor, selectVictims, type VictimRow } from "../store/victim.ts";
import type { Gathered } from "./gathered.ts";
import { isOfInterest, leadsOnly } from "./names-of.ts";

/** What is a victim's where something else is; `same`: another name of that very thing. */
export type VictimLink = { whole: string; part: string; same: boolean };

type Given = {
  db: Queryable;
  producer: number;
  said: Gathered;
  /** What the whole submission shows to be a victim's, and which parts to be an attacker's. */
  planned: PlannedVictims;
  known: readonly VictimRow[];
};

/**
 * Goes from what was called a victim's to its parts, level by level, over these objects and what was stated before. What was
 * spread before is not gone through again, however often it is called a victim's, but once where that was before causes
 * were kept. A level is at most another of STIX's own, observed data holds traffic, and traffic has two ends; or as deep as
 * a producer says that infrastructure consists of infrastructure, and that names lead to names.
 *
 * Which infrastructure is a victim's is found first: what it uses is not the attacker's by that.
 */
export class Spreading {
  /** Parts that are an attacker's. */
  readonly attackers = new Set<string>();
  readonly #given: Given;
  readonly #stated: ReadonlySet<string>;
  readonly #byId: Map<string, StixObject[]>;
  readonly #parts = new Map<string, Set<string>>();
  /** Of which relationships were read. */
  readonly #led = new Set<string>();
  readonly #harmed = new Set<string>();
  readonly #through = new Set<string>();
  readonly #rows: Map<string, VictimRow | undefined>;

  constructor(given: Given) {
    this.#given = given;
    this.#byId = Map.groupBy(given.said.objects, ({ id }) => id);
    for (const object of given.said.objects) this.#hold(object);
    this.#stated = new Set([...this.#byId.keys(), ...this.#parts.keys()]);
    this.#rows = new Map(given.known.map((row) => [row.name, row]));
  }

  /** Of the roots, those in `outright` are called so themselves. The link to a part comes before those from it. */
  async from(roots: ReadonlySet<string>, outright: ReadonlySet<string>): Promise<VictimLink[]> {
    const links: VictimLink[] = [];
    const seen = new Set(roots);
    await this.#know([...roots]);
    await this.#findHarmed(roots, outright);
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

  /** Infrastructure of victims, and of which infrastructure it consists, unless something else shows that to be the attacker's. */
  async #findHarmed(roots: ReadonlySet<string>, outright: ReadonlySet<string>): Promise<void> {
    const { planned, said } = this.#given;
    let level = [...roots].filter(isInfrastructure);
    while (level.length > 0) {
      for (const id of level) this.#harmed.add(id);
      const unspread = level.filter((id) => !this.#isSpread(id, outright.has(id)));
      await this.#loadHoldings(unspread);
      const parts = new Set(unspread.flatMap((id) => [...(this.#parts.get(id) ?? [])]));
      await this.#know([...parts]);
      const isTheirs = (id: string): boolean => planned.attackers.has(id) || said.attackers.isOutright(id);
      level = [...parts].filter((id) => isInfrastructure(id) && !this.#harmed.has(id) && !isTheirs(id));
    }
  }

  async #linksFrom(level: readonly string[]): Promise<VictimLink[]> {
    for (const id of level) this.#through.add(id);
    await this.#loadHoldings(level);
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
    return this.#given.said.attackers.has(object, this.#victims);
  }

  /** Infrastructure that is a victim's by these objects, or by others of their submission. */
  get #victims(): Harmed {
    const { names } = this.#given.planned;
    return { has: (id) => this.#harmed.has(id) || (isInfrastructure(id) && names.has(id)) };
  }

  /** Ids, and the keys of addresses that have none, since what holds them has them in itself. */
  #partsOf(whole: string): string[] {
    const within = [...(this.#parts.get(whole) ?? [])].filter(isOfInterest);
    const embedded = (this.#byId.get(whole) ?? []).flatMap(embeddedIn);
    const theirs = embedded.filter((one) => !this.#isAttackers(one));
    return [...within, ...new Set(theirs.flatMap(addressKeysOf))];
  }

  async #attackersAmong(parts: readonly string[]): Promise<ReadonlySet<string>> {
    const { db, producer, planned, said } = this.#given;
    const keysFor = (part: string): string[] => (isOfInterest(part) ? this.#of(part, soughtBy) : [part]);
    const lookedFor = new Set(await selectLookedFor(db, producer, [...new Set(parts.flatMap(keysFor))]));
    const isTheirs = (part: string): boolean =>
      planned.attackers.has(part) ||
      said.attackers.hasId(part, this.#victims) ||
      (this.#byId.get(part) ?? []).some((one) => this.#isAttackers(one)) ||
      keysFor(part).some((key) => lookedFor.has(key));
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
      if (body === undefined) continue;
      const object = JSON.parse(body) as StixObject;
      this.#byId.get(version.stix_id)?.push(object);
      this.#hold(object);
    }
  }

  /** What relationships that were stated before lead to. */
  async #loadHoldings(wholes: readonly string[]): Promise<void> {
    const unread = wholes.filter((id) => leadsOnly(id) && !this.#led.has(id));
    for (const id of unread) this.#led.add(id);
    for (const body of await selectHoldings(this.#given.db, this.#given.producer, unread))
      this.#hold(JSON.parse(body) as StixObject);
  }

  #hold(object: StixObject): void {
    const { whole, parts } = holdingOf(object);
    if (parts.length === 0) return;
    const known = this.#parts.get(whole);
    if (known === undefined) this.#parts.set(whole, new Set(parts));
    else for (const part of parts) known.add(part);
  }
}

/** What an indicator looks for it by. */
function soughtBy(object: StixObject): readonly string[] {
  return object.type === "domain-name" ? keysOf(object) : addressKeysOf(object);
}

/** What observed data holds in itself (STIX 2.1 §4.14.1, deprecated). */
function embeddedIn({ type, objects }: StixObject): StixObject[] {
  return type === "observed-data" && typeof objects === "object" && objects !== null
    ? Object.values(objects)
    : [];
}
