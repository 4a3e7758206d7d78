import { type Queryable, textColumn } from "@suar/runtime";
import type { Tlp } from "@suar/stix";

/* What the reader may see of what it says that it sighted: read under row-level security only. */

/** That a producer states something under an id, and under which marking. */
export type StatementRow = { stix_id: string; producer: number; tlp: Tlp };

/** Of these ids what is stated under them that the reader may see, and that was not taken back. */
export async function selectSightable(db: Queryable, ids: readonly string[]): Promise<StatementRow[]> {
  const { rows } = await db.query<StatementRow>(
    "SELECT DISTINCT stix_id, producer, tlp FROM rendition WHERE stix_id = ANY ($1::text[]) AND NOT withdrawn AND NOT closes AND tlp <> 'red'",
    [textColumn(ids)],
  );
  return rows;
}

export type LookingFor = StatementRow & { key: string; body: string };

/** Of each of the reader's audiences and each key the newest rows, as many as are looked at. */
const MOST = 50;

/** Indicators by the keys that they look for: one of the reader's audiences after the other, and no others' rows. */
export async function selectIndicatorsOf(db: Queryable, keys: readonly string[]): Promise<LookingFor[]> {
  const { rows } = await db.query<LookingFor>(
    `WITH held AS MATERIALIZED (
            SELECT DISTINCT wanted.key, held.rendition_id, held.also FROM unnest($1::text[]) AS wanted (key)
             CROSS JOIN audience_organisation own
             CROSS JOIN LATERAL (SELECT rendition_id, also FROM observable
                                  WHERE key = wanted.key AND audience_id = own.audience_id
                                  ORDER BY rendition_id DESC LIMIT ${MOST}) held)
     SELECT DISTINCT held.key, r.stix_id, r.producer, r.tlp, r.body FROM held
      CROSS JOIN generate_series(held.rendition_id, held.rendition_id + held.also) AS copy (id)
      CROSS JOIN LATERAL (SELECT stix_id, producer, tlp, type, body, withdrawn, closes FROM rendition WHERE id = copy.id LIMIT 1) r
      WHERE r.type = 'indicator' AND NOT r.withdrawn AND NOT r.closes`,
    [textColumn(keys)],
  );
  return rows;
}
