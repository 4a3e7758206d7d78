import type { Queryable } from "@suar/runtime";
import type { Marked } from "../judge/marked.ts";

type NewMarking = Omit<Marked, "revision"> & { producer: number; stixId: string; by: string };

/** In place of what was said before. */
export async function putMarking(db: Queryable, row: NewMarking): Promise<void> {
  await db.query(
    `INSERT INTO marking (producer, stix_id, tlp, pap, named, community, revision, changed_by)
     VALUES ($1, $2, $3, $4, $5, $6, 1, $7)
     ON CONFLICT (stix_id, producer) DO UPDATE SET tlp = excluded.tlp, pap = excluded.pap, named = excluded.named,
       community = excluded.community, revision = marking.revision + 1, changed_by = excluded.changed_by,
       changed_at = clock_timestamp()`,
    [row.producer, row.stixId, row.tlp, row.pap, row.named, row.community, row.by],
  );
}
