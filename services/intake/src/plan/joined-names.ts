import { hash } from "node:crypto";
import type { PlannedVictims } from "@suar/gate";
import type { Markings } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import { Pap, Tlp } from "@suar/stix";
import { type NameRow, selectNames } from "../store/staged-name.ts";

/** What is said of a name, beside its marking. */
const UNKNOWN = 1;
const VICTIM = 2;
const NAMED = 4;

/** What all portions of a submission together say of some names. */
export class JoinedNames {
  readonly #rows: ReadonlyMap<string, NameRow>;

  constructor(rows: readonly NameRow[]) {
    this.#rows = new Map(rows.map((row) => [row.name, row]));
  }

  static async read(db: Queryable, submissionId: string, names: Iterable<string>): Promise<JoinedNames> {
    const keys = [...new Set([...names].map(keyOf))];
    const rows = keys.length === 0 ? [] : await selectNames(db, submissionId, keys);
    return new JoinedNames(rows);
  }

  markingOf(name: string): Markings {
    const { tlp: level = 0, pap: acts = 0 } = this.#rows.get(keyOf(name)) ?? {};
    const [tlp, pap] = [Tlp.options[level - 1], Pap.options[acts - 1]];
    return { ...(tlp && { tlp }), ...(pap && { pap }) };
  }

  /** Whether a record somewhere bears a marking that is not known. */
  isUnknown(name: string): boolean {
    return this.#has(name, UNKNOWN);
  }

  isVictim(name: string): boolean {
    return this.#has(name, VICTIM);
  }

  isNamed(name: string): boolean {
    return this.#has(name, NAMED);
  }

  #has(name: string, flag: number): boolean {
    return ((this.#rows.get(keyOf(name))?.flags ?? 0) & flag) !== 0;
  }
}

/** What one portion says of names, as rows. */
export class SaidNames {
  readonly #rows = new Map<string, NameRow>();

  get rows(): NameRow[] {
    return [...this.#rows.values()];
  }

  mark(name: string, { tlp, pap }: Markings): void {
    const row = this.#at(name);
    if (tlp !== undefined) row.tlp = Math.max(row.tlp, 1 + Tlp.options.indexOf(tlp));
    if (pap !== undefined) row.pap = Math.max(row.pap, 1 + Pap.options.indexOf(pap));
  }

  markUnknown(name: string): void {
    this.#at(name).flags |= UNKNOWN;
  }

  /**
   * What is a victim's. An address of mail that is only taken for one, as nothing beside it shows whose it is, is so in its
   * own portion alone.
   */
  addVictims({ names, named }: PlannedVictims): void {
    for (const name of names) {
      const isNamed = named.has(name);
      if (isNamed) this.#at(name).flags |= NAMED | VICTIM;
      else if (!name.startsWith("email-addr--")) this.#at(name).flags |= VICTIM;
    }
  }

  #at(name: string): NameRow {
    const key = keyOf(name);
    const row = this.#rows.get(key) ?? { name: key, tlp: 0, pap: 0, flags: 0 };
    this.#rows.set(key, row);
    return row;
  }
}

/** As a UUID, which the database holds in sixteen bytes. Names that should share one share the stricter, too. */
function keyOf(name: string): string {
  const hex = hash("sha256", name);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
