import { bigintColumn, byteaColumn, type Queryable, textColumn } from "@suar/runtime";
import { type Addressee, type RedContext, saidKey } from "../red/letter.ts";

/** Until the transaction ends nobody else sends or takes back as the submitter: the same sent twice arrives once. */
export async function lockSubmitter(db: Queryable, realm: string, submitter: string): Promise<void> {
  await db.query("SELECT pg_advisory_xact_lock(hashtext('release-red:' || $1), hashtext($2))", [
    realm,
    submitter,
  ]);
}

/** Of these ids, what the submitter has said to which of the inboxes, has not taken back, and is not over. */
export async function selectSaidBefore(
  db: Queryable,
  { producer, submitter, people }: Pick<RedContext, "producer" | "submitter" | "people">,
  stixIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (stixIds.length === 0) return new Set();
  const { rows } = await db.query<{ inbox: string; stix_id: string; said: Buffer }>(
    `SELECT i.inbox, o.stix_id, o.said FROM inbox_object o JOIN inbox_item i ON i.id = o.item_id
      WHERE i.producer = $1 AND i.submitter = $2 AND i.inbox = ANY($3) AND i.withdrawn_at IS NULL
        AND (i.expires IS NULL OR i.expires > clock_timestamp())
        AND o.stix_id = ANY($4)`,
    [producer.id, submitter, people.map(({ inbox }) => inbox), textColumn(stixIds)],
  );
  return new Set(rows.map(({ inbox, stix_id, said }) => saidKey(inbox, stix_id, said)));
}

export type NewInboxItem = {
  id: string;
  submissionId: string;
  submitter: string;
  producer: number;
  to: Addressee;
  objects: number;
  body: string;
  bodyHash: Buffer;
  contentHash: Buffer;
  renditionId: number;
  expires: string | null;
};

export async function insertInboxItems(db: Queryable, rows: readonly NewInboxItem[]): Promise<void> {
  await db.query(
    `INSERT INTO inbox_item (id, submission_id, submitter, producer, person, inbox, organisation_id, objects, body,
                             content_hash, rendition_id, expires, body_sha256)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::uuid[], $6::uuid[], $7::int[], $8::int[],
                          $9::text[], $10::bytea[], $11::bigint[], $12::timestamptz[], $13::bytea[])`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.submissionId),
      rows.map((row) => row.submitter),
      rows.map((row) => row.producer),
      rows.map((row) => row.to.person),
      rows.map((row) => row.to.inbox),
      rows.map((row) => row.to.organisation.id),
      rows.map((row) => row.objects),
      textColumn(rows.map((row) => row.body)),
      byteaColumn(rows.map((row) => row.contentHash)),
      bigintColumn(rows.map((row) => row.renditionId)),
      rows.map((row) => row.expires),
      rows.map((row) => row.bodyHash),
    ],
  );
}

/** What each item says, by hashes. */
export async function insertInboxObjects(
  db: Queryable,
  items: readonly { id: string; said: readonly { stixId: string; said: Buffer }[] }[],
): Promise<void> {
  const rows = items.flatMap(({ id, said }) => said.map((one) => ({ id, ...one })));
  await db.query(
    "INSERT INTO inbox_object (item_id, stix_id, said) SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[])",
    [
      rows.map((row) => row.id),
      textColumn(rows.map((row) => row.stixId)),
      byteaColumn(rows.map((row) => row.said)),
    ],
  );
}

export type SentItem = {
  submitter: string;
  producer: number;
  content_hash: Buffer;
  rendition_id: number;
  withdrawn_at: Date | null;
};

/** What a submission said to people, whoever's it is. */
export async function selectSentItems(db: Queryable, submissionId: string): Promise<SentItem[]> {
  const { rows } = await db.query<SentItem>(
    `SELECT submitter, producer, content_hash, rendition_id, withdrawn_at FROM inbox_item
      WHERE submission_id = $1`,
    [submissionId],
  );
  return rows;
}

/** Takes the bodies of a submission's items away from everybody at once, and at one time. */
export async function eraseInboxItems(db: Queryable, submissionId: string): Promise<void> {
  await db.query(
    "UPDATE inbox_item SET body = NULL, withdrawn_at = statement_timestamp() WHERE submission_id = $1",
    [submissionId],
  );
}
