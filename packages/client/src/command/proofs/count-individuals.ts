import type { VerifiedReceipt } from "@suar/merkle";
import { z } from "zod";
import { jsonOr } from "../../error.ts";

/** How many people's data went from one jurisdiction to another in a year. */
export type CountedIndividuals = { exporter: string; importer: string; year: number; individuals: number };

const Why = z.object({
  pii: z.record(z.string(), z.int().nonnegative()),
  redactions: z.array(z.object({ op: z.string(), class: z.string() })),
});
const Rules = z.object({ bases: z.array(z.string()) });
const From = z.object({ id: z.string(), version: z.string() });

/** As an entry's decision has a ground: "CN>SG@1 …". */
const BORDER = /^([^>@ ]+)>([^>@ ]+)@/;

const HOUR_MS = 3_600_000;

/** A version at one border. `loggedAt`: of its first entry, whose year it is counted in, whichever receipt is read first. */
type Crossing = Omit<CountedIndividuals, "year"> & { loggedAt: number };

/**
 * Counts anew, by an exporter's own receipts, what the platform counts for its quotas: each version once for each
 * importer, with the people whose data crossed in any form. Of what others released nothing is opened, and counted.
 */
export class IndividualCount {
  readonly #told = new Map<string, Crossing>();

  add({ head, values }: Pick<VerifiedReceipt, "head" | "values">): void {
    const why = read(Why, values.why);
    const rules = read(Rules, values.rules);
    const from = read(From, values.from);
    if (why === undefined || rules === undefined || from === undefined) return;
    const individuals = crossing(why);
    if (individuals === 0) return;
    const loggedAt = Date.parse(head.loggedAt);
    for (const basis of rules.bases) {
      const [, exporter, importer] = BORDER.exec(basis) ?? [];
      if (exporter === undefined || importer === undefined) continue;
      const key = [from.id, from.version, exporter, importer].join(" ");
      const before = this.#told.get(key);
      const first = Math.min(loggedAt, before?.loggedAt ?? loggedAt);
      const most = Math.max(individuals, before?.individuals ?? 0);
      this.#told.set(key, { loggedAt: first, exporter, importer, individuals: most });
    }
  }

  get counts(): CountedIndividuals[] {
    return sumsOf([...this.#told.values()]);
  }

  /** Those whose year is certain: what was logged in its first hour may have been decided, and counted, before it. */
  get surely(): CountedIndividuals[] {
    return sumsOf([...this.#told.values()].filter((one) => !isFirstHour(one)));
  }
}

function yearOf({ loggedAt }: Crossing): number {
  return new Date(loggedAt).getUTCFullYear();
}

function isFirstHour(one: Crossing): boolean {
  return one.loggedAt < Date.UTC(yearOf(one), 0) + HOUR_MS;
}

function sumsOf(told: readonly Crossing[]): CountedIndividuals[] {
  const sums = new Map<string, CountedIndividuals>();
  for (const one of told) {
    const { exporter, importer, individuals } = one;
    const year = yearOf(one);
    const key = `${exporter} ${importer} ${year}`;
    const sum = individuals + (sums.get(key)?.individuals ?? 0);
    sums.set(key, { exporter, importer, year, individuals: sum });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}

function crossing({ pii, redactions }: z.infer<typeof Why>): number {
  const dropped = new Set(redactions.flatMap((one) => (one.op === "drop" ? [one.class] : [])));
  return Object.entries(pii).reduce((sum, [kind, count]) => sum + (dropped.has(kind) ? 0 : count), 0);
}

/** Undefined where the group is sealed, or says nothing of the kind. */
function read<T>(schema: z.ZodType<T>, value: string | undefined): T | undefined {
  return schema.safeParse(value === undefined ? undefined : jsonOr(value, undefined)).data;
}
