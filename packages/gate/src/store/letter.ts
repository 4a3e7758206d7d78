import type { Queryable } from "@suar/runtime";

/** What one submission said to one person, without its text. */
type LetterRow = {
  id: string;
  submissionId: string;
  submitter: string;
  producer: number;
  person: string;
  inbox: string;
  organisationId: number;
  objects: number;
  /** Null for what was sent before it was kept. */
  bodyHash: Buffer | null;
  contentHash: Buffer;
  renditionId: number;
  expires: string | null;
};

/** All that the submission of an item said, or one that is named. */
export async function selectLetters(
  db: Queryable,
  asked: { item: string } | { submission: string },
): Promise<LetterRow[]> {
  const [of, id] =
    "item" in asked
      ? ["(SELECT submission_id FROM inbox_item WHERE id = $1)", asked.item]
      : ["$1", asked.submission];
  const { rows } = await db.query<Omit<LetterRow, "expires"> & { expires: Date | null }>(
    `SELECT id, submission_id AS "submissionId", submitter, producer, person, inbox, organisation_id AS "organisationId",
            objects, body_sha256 AS "bodyHash", content_hash AS "contentHash", rendition_id AS "renditionId", expires
       FROM inbox_item WHERE submission_id = ${of} ORDER BY id`,
    [id],
  );
  return rows.map((row) => ({ ...row, expires: row.expires?.toISOString() ?? null }));
}

/** The entry of what was sent; whether the pen has still to come to it. */
export async function selectRedEntry(
  db: Queryable,
  renditionId: number,
): Promise<{ audienceId: number; commitment: Buffer | null } | "not-logged-yet" | undefined> {
  const { rows } = await db.query<{ waits: boolean; audienceId: number | null; commitment: Buffer | null }>(
    `SELECT EXISTS (SELECT FROM unsequenced WHERE $1 = ANY (renditions)) AS waits,
            l.audience_id AS "audienceId", l.commitment
       FROM (SELECT) one LEFT JOIN log l ON l.rendition_id = $1 AND l.kind = 'released'`,
    [renditionId],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { waits, audienceId, commitment } = row;
  if (audienceId === null) return waits ? "not-logged-yet" : undefined;
  return { audienceId, commitment };
}
