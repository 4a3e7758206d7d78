import type { Queryable } from "@suar/runtime";
import type { CountedIndividuals } from "../individuals.ts";

/** Nobody else who waits for this adds to what an exporter told before this transaction ends. */
export async function lockExporter(db: Queryable, realm: string, exporter: string): Promise<void> {
  await db.query("SELECT pg_advisory_xact_lock(hashtext('individuals:' || $1), hashtext($2))", [
    realm,
    exporter,
  ]);
}

/** How many people an exporter's organisations told whom of this year. */
export async function selectIndividuals(
  db: Queryable,
  exporter: string,
  year: number,
): Promise<Map<string, number>> {
  const { rows } = await db.query<CountedIndividuals>(
    "SELECT importer, individuals FROM individual_count WHERE exporter = $1 AND year = $2 ORDER BY importer",
    [exporter, year],
  );
  return new Map(rows.map(({ importer, individuals }) => [importer, individuals]));
}

export async function addIndividuals(
  db: Queryable,
  exporter: string,
  year: number,
  rows: readonly CountedIndividuals[],
): Promise<void> {
  await db.query(
    `INSERT INTO individual_count (exporter, importer, year, individuals)
     SELECT $1, importer, $2, individuals FROM unnest($3::text[], $4::bigint[]) AS c (importer, individuals)
     ON CONFLICT (exporter, importer, year)
     DO UPDATE SET individuals = individual_count.individuals + excluded.individuals`,
    [exporter, year, rows.map((row) => row.importer), rows.map((row) => row.individuals)],
  );
}
