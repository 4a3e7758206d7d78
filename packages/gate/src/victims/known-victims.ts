import type { Victims } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import type { StixObject } from "@suar/stix";
import { selectVictims, type VictimRow } from "../store/victim.ts";
import { victimsIn } from "./names-of.ts";

const NONE: ReadonlySet<string> = new Set();
export const NO_VICTIMS: Victims = { names: NONE, named: NONE };

/**
 * What a producer called a victim's, as far as some objects are concerned. What it has taken back since counts only for
 * what was decided by it: taking a statement back reveals nothing that is out.
 */
export class KnownVictims {
  readonly #live: Victims;
  readonly #ever: Victims;
  readonly #said: Victims;
  readonly rows: readonly VictimRow[];

  constructor(rows: readonly VictimRow[], said: Victims = NO_VICTIMS) {
    this.rows = rows;
    this.#said = said;
    this.#live = joined(
      rows.filter(({ live }) => live),
      said,
    );
    this.#ever = rows.every(({ live }) => live) ? this.#live : joined(rows, said);
  }

  static async read(db: Queryable, producer: number, names: Iterable<string>): Promise<KnownVictims> {
    return new KnownVictims(await selectVictims(db, producer, [...names]));
  }

  /**
   * Undefined where nothing of an object is a victim's. `was`: some version of it was decided as one. `looks`: it is taken
   * for one.
   */
  of(object: StixObject, was: boolean, looks = false): Victims | undefined {
    return victimsIn(object, was ? this.#ever : this.#live, was || looks);
  }

  /** And what is said now. */
  with(said: Victims): KnownVictims {
    if (said.names.size === 0) return this;
    const names = new Set([...this.#said.names, ...said.names]);
    return new KnownVictims(this.rows, { names, named: new Set([...this.#said.named, ...said.named]) });
  }

  /** All that is said to be a victim's by now. */
  get all(): Victims {
    return this.#live;
  }

  get fingerprint(): string {
    return this.rows
      .map(({ name, outright, live }) => `${name} ${outright} ${live}`)
      .sort()
      .join("\n");
  }
}

function joined(rows: readonly VictimRow[], said: Victims): Victims {
  if (rows.length === 0) return said;
  return {
    names: new Set([...said.names, ...rows.map(({ name }) => name)]),
    named: new Set([...said.named, ...rows.flatMap(({ name, outright }) => (outright ? [name] : []))]),
  };
}
