import { type Queryable, textColumn } from "@suar/runtime";

/** A version, and how many bytes its bodies come to: its own, and those of its copies. */
export type VersionSize = { stix_id: string; version: string; bytes: number };

/** Of what stands of these ids; versions of one id come together. No body is read for it. */
export async function selectSizes(
  db: Queryable,
  producer: number,
  ids: readonly string[],
): Promise<VersionSize[]> {
  const { rows } = await db.query<VersionSize>(
    `SELECT o.stix_id, o.version,
            (SELECT coalesce(sum(octet_length(r.body)), 0) FROM rendition r
              WHERE r.id = ANY (array_append(o.copies, o.rendition_id)))::bigint AS bytes
       FROM object_version o WHERE o.producer = $1 AND o.stix_id = ANY($2) AND o.withdrawn_at IS NULL
      ORDER BY o.stix_id, o.rank DESC`,
    [producer, textColumn(ids)],
  );
  return rows;
}
