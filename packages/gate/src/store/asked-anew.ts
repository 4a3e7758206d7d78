import { type Queryable, textColumn } from "@suar/runtime";

type Place = { stixId: string; version: string };

export type Word = { stix_id: string; version: string; word: string };

/** On whose word versions were submitted, as far as anybody was asked about them or a submission tells. */
export async function selectWords(
  db: Queryable,
  producer: number,
  places: readonly Place[],
): Promise<Word[]> {
  const { rows } = await db.query<Word>(
    `SELECT stix_id, version, word FROM (
       SELECT o.stix_id, o.version,
              coalesce((SELECT asked_by FROM pending_release WHERE stix_id = o.stix_id AND producer = o.producer
                           AND version = o.version ORDER BY asked_at LIMIT 1),
                       (SELECT coalesce(s.word, s.actor) FROM submission s WHERE s.id = o.submission_id)) AS word
         FROM object_version o
        WHERE (o.stix_id, o.version) IN (SELECT * FROM unnest($1::text[], $2::text[])) AND o.producer = $3) w
      WHERE word IS NOT NULL`,
    [...columnsOf(places), producer],
  );
  return rows;
}

/** A version, and the hashes of the decisions that are asked of somebody now. */
export type DecidedAnew = Place & { asked: readonly Buffer[] };

/** Of what is asked for versions, what is not to be asked any more: it was decided anew. */
export async function lapseDecidedAnew(
  db: Queryable,
  producer: number,
  rows: readonly DecidedAnew[],
): Promise<void> {
  await db.query(
    `UPDATE pending_release p SET state = 'lapsed', settled_at = clock_timestamp(), reason = 'decided-anew'
       FROM unnest($1::text[], $2::text[], $4::text[]) AS n (stix_id, version, asked)
      WHERE p.stix_id = n.stix_id AND p.producer = $3 AND p.version = n.version AND p.state = 'pending'
        AND p.decision_id NOT IN (
          SELECT id FROM decision
           WHERE hash = ANY (ARRAY(SELECT decode(h, 'hex') FROM unnest(string_to_array(n.asked, ',')) AS h)))`,
    [
      ...columnsOf(rows),
      producer,
      textColumn(rows.map(({ asked }) => asked.map((hash) => hash.toString("hex")).join())),
    ],
  );
}

function columnsOf(places: readonly Place[]): Buffer[] {
  return [textColumn(places.map(({ stixId }) => stixId)), textColumn(places.map(({ version }) => version))];
}

/** Of these ids of a producer, those of which something waits. */
export async function selectAwaited(
  db: Queryable,
  producer: number,
  stixIds: readonly string[],
): Promise<string[]> {
  const { rows } = await db.query<{ stix_id: string }>(
    "SELECT DISTINCT stix_id FROM pending_release WHERE stix_id = ANY($1) AND producer = $2 AND state = 'pending'",
    [textColumn(stixIds), producer],
  );
  return rows.map(({ stix_id }) => stix_id);
}
