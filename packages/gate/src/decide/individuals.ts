import { individualsCrossing, type Organisation } from "@suar/policy";
import type { Ruled } from "../copies/copies.ts";
import type { Readers } from "../copies/sights.ts";

/** People whose data a batch hands to another jurisdiction. */
export type CountedIndividuals = { importer: string; individuals: number };

const NOBODY: { people: number; importers: ReadonlySet<string> } = { people: 0, importers: new Set() };

/**
 * How many people's data went over each border this year: what was counted before, and what a batch adds to it while it
 * is judged. Every version counts once for each importer, however many organisations there receive it.
 */
export class Individuals {
  readonly #exporter: string;
  readonly #members: ReadonlyMap<number, string>;
  readonly #before: ReadonlyMap<string, number>;
  readonly #added = new Map<string, number>();
  #apart = NOBODY;

  constructor(
    { member }: Organisation,
    organisations: readonly Organisation[],
    before: ReadonlyMap<string, number>,
  ) {
    this.#exporter = member;
    this.#members = new Map(organisations.map((one) => [one.id, one.member]));
    this.#before = before;
  }

  /** What it told some jurisdictions of so many people before is not counted against it again while it is asked. */
  without<T>(people: number, importers: ReadonlySet<string>, ask: () => T): T {
    this.#apart = { people, importers };
    try {
      return ask();
    } finally {
      this.#apart = NOBODY;
    }
  }

  /** Of another exporter nothing is known here, and no quota of it is held to be free. */
  ytd(exporter: string, importer: string): number {
    if (exporter !== this.#exporter) return Number.POSITIVE_INFINITY;
    const count = (this.#before.get(importer) ?? 0) + (this.#added.get(importer) ?? 0);
    return this.#apart.importers.has(importer) ? Math.max(0, count - this.#apart.people) : count;
  }

  /** `sent`: a copy that readers had before; who has it there was counted then. */
  count(copies: readonly { parts: readonly Ruled[]; sent?: { readers: Readers } | undefined }[]): void {
    const seen = new Set<string | undefined>();
    for (const { parts, sent } of copies)
      for (const { outcome, readers } of parts) {
        const individuals = individualsCrossing(outcome);
        if (individuals === 0) continue;
        for (const reader of sent?.readers ?? []) seen.add(this.#members.get(reader));
        for (const importer of new Set(readers.map((reader) => this.#members.get(reader)))) {
          if (importer === undefined || importer === this.#exporter || seen.has(importer)) continue;
          seen.add(importer);
          this.#added.set(importer, (this.#added.get(importer) ?? 0) + individuals);
        }
      }
  }

  get added(): CountedIndividuals[] {
    return [...this.#added].map(([importer, individuals]) => ({ importer, individuals })).sort(byImporter);
  }
}

function byImporter(a: CountedIndividuals, b: CountedIndividuals): number {
  return a.importer < b.importer ? -1 : 1;
}
