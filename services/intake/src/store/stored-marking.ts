import { type Queryable, textColumn } from "@suar/runtime";
import { stricterTlp, type Tlp } from "@suar/stix";
import type { StoredMarking } from "../plan/wider-contents.ts";

/**
 * The TLP under which ids outside of a submission stand: the strictest that the producer itself gave them; for
 * what only others stated and sent it, the least strict of theirs. What it never saw has none.
 */
export async function selectStoredMarkings(
  db: Queryable,
  producer: number,
  ids: readonly string[],
): Promise<StoredMarking[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.query<{ stix_id: string; own: boolean; tlp: Tlp }>(
    `SELECT c.stix_id, c.producer = $1 AS own, r.tlp
       FROM (SELECT stix_id, producer, rendition_id, audience_id FROM object_version WHERE stix_id = ANY($2)
             UNION ALL
             SELECT shown_id, producer, rendition_id, audience_id FROM redaction WHERE shown_id = ANY($2)) c
       JOIN rendition r ON r.id = c.rendition_id
      WHERE NOT r.withdrawn
        AND (c.producer = $1 OR EXISTS (SELECT FROM audience_organisation a
                                         WHERE a.audience_id = c.audience_id AND a.organisation_id = $1))`,
    [producer, textColumn(ids)],
  );
  const found = new Map<string, { own: boolean; tlp: Tlp }>();
  for (const { stix_id, own, tlp } of rows) {
    const before = found.get(stix_id);
    if (before === undefined || (own && !before.own)) found.set(stix_id, { own, tlp });
    else if (own) found.set(stix_id, { own, tlp: stricterTlp(before.tlp, tlp) });
    else if (!before.own && stricterTlp(before.tlp, tlp) === before.tlp) found.set(stix_id, { own, tlp });
  }
  return [...found].map(([stix_id, { tlp, own }]) => ({ stix_id, tlp, own }));
}
