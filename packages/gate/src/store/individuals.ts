import type { Queryable } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { isLimited } from "../decide/individual-limits.ts";
import type { CountedIndividuals } from "../decide/individuals.ts";

type When = Pick<ReleaseContext, "producer" | "now">;

/**
 * Of how many people an exporter's members told whom in the year of the context's moment. Where its policies ask for that,
 * and the context writes, nobody else who writes adds to it before this transaction ends: of two releases that each fit
 * into a quota, also the first of a year, only one may be left to. Who only looks takes no lock, and waits for none.
 */
export async function readIndividuals(
  db: Queryable,
  { gate, policies, producer, now, writes }: When & Pick<ReleaseContext, "gate" | "policies" | "writes">,
): Promise<Map<string, number>> {
  if (writes && isLimited(policies, producer.member)) await lockExporter(db, gate.realm, producer.member);
  const { rows } = await db.query<CountedIndividuals>(
    "SELECT importer, individuals FROM individual_count WHERE exporter = $1 AND year = $2 ORDER BY importer",
    [producer.member, yearOf(now)],
  );
  return new Map(rows.map(({ importer, individuals }) => [importer, individuals]));
}

/** All that is counted of an exporter, the newest year first. */
export async function individualsOf(
  db: Queryable,
  exporter: string,
): Promise<(CountedIndividuals & { exporter: string; year: number })[]> {
  const { rows } = await db.query<CountedIndividuals & { exporter: string; year: number }>(
    `SELECT exporter, importer, year, individuals FROM individual_count WHERE exporter = $1
      ORDER BY year DESC, importer`,
    [exporter],
  );
  return rows;
}

async function lockExporter(db: Queryable, realm: string, exporter: string): Promise<void> {
  await db.query("SELECT pg_advisory_xact_lock(hashtext('individuals:' || $1), hashtext($2))", [
    realm,
    exporter,
  ]);
}

export async function addIndividuals(
  db: Queryable,
  { producer, now, writes }: When & Pick<ReleaseContext, "writes">,
  rows: readonly CountedIndividuals[],
): Promise<void> {
  if (!writes) throw new Error("what was counted without the lock is not added to");
  await db.query(
    `INSERT INTO individual_count (exporter, importer, year, individuals)
     SELECT $1, importer, $2, individuals FROM unnest($3::text[], $4::bigint[]) AS c (importer, individuals)
     ON CONFLICT (exporter, importer, year)
     DO UPDATE SET individuals = individual_count.individuals + excluded.individuals`,
    [producer.member, yearOf(now), rows.map((row) => row.importer), rows.map((row) => row.individuals)],
  );
}

function yearOf(now: number): number {
  return new Date(now).getUTCFullYear();
}
