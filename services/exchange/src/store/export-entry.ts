import type { Queryable } from "@suar/runtime";
import { bigintColumn } from "@suar/runtime";
import type { Pap } from "@suar/stix";
import { NOT_SUPERSEDED } from "./assertion.ts";

/** An entry that stands by now, the PAP that its rendition was released under, and whose it is. */
export type StandingRow = { seq: number; pap: Pap | null; producer: number };

/**
 * Those of entries that stand at this moment: neither withdrawn nor closed to the reader, told of last there, and of the
 * newest version that the reader may see. Read under row-level security only.
 */
export async function selectStanding(
  db: Queryable,
  entries: readonly { seq: number; renditionId: number }[],
): Promise<Map<number, StandingRow>> {
  const { rows } = await db.query<StandingRow>(
    `SELECT e.seq, r.pap, r.producer FROM unnest($1::bigint[], $2::bigint[]) AS e (seq, rendition)
       JOIN rendition r ON r.id = e.rendition
      WHERE NOT r.withdrawn AND ${NOT_SUPERSEDED}
        AND NOT EXISTS (SELECT FROM log later
                         WHERE later.rendition_id = e.rendition AND later.seq > e.seq AND later.kind <> 'alert')`,
    [
      bigintColumn(entries.map(({ seq }) => seq)),
      bigintColumn(entries.map(({ renditionId }) => renditionId)),
    ],
  );
  return new Map(rows.map((row) => [row.seq, row]));
}
