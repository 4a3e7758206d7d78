import type { Queryable } from "@suar/runtime";
import type { CountedIndividuals } from "../individuals.ts";

/** What an exporter's members told whom of this year; nobody adds to it before this transaction ends. */
export async function lockIndividuals(
  db: Queryable,
  exporter: string,
  year: number,
): Promise<Map<string, number>> {
  return byImporter(await db.query<CountedIndividuals>(`${SELECT_COUNTED} FOR UPDATE`, [exporter, year]));
}

/** The same for who only looks. */
export async function selectIndividuals(
  db: Queryable,
  exporter: string,
  year: number,
): Promise<Map<string, number>> {
  return byImporter(await db.query<CountedIndividuals>(SELECT_COUNTED, [exporter, year]));
}

const SELECT_COUNTED =
  "SELECT importer, individuals FROM individual_count WHERE exporter = $1 AND year = $2 ORDER BY importer";

function byImporter({ rows }: { rows: CountedIndividuals[] }): Map<string, number> {
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
