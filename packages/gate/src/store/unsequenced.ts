import { bigintColumn, byteaColumn, type Queryable, textColumn } from "@suar/runtime";

export type SealedEntry = { kind: string; renditionId: number; audienceId: number; leaf: Buffer };

/** One envelope for the pen: becomes visible to it, all or nothing, when the transaction commits. */
export async function insertEnvelope(db: Queryable, entries: readonly SealedEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await db.query(
    "INSERT INTO unsequenced (kinds, renditions, audiences, leaves) VALUES ($1, $2, $3::bigint[]::int[], $4)",
    [
      textColumn(entries.map((entry) => entry.kind)),
      bigintColumn(entries.map((entry) => entry.renditionId)),
      bigintColumn(entries.map((entry) => entry.audienceId)),
      byteaColumn(entries.map((entry) => entry.leaf)),
    ],
  );
}
