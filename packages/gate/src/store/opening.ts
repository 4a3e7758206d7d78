import type { Limits } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import type { ReleaseItem } from "../context/release-item.ts";

/** Of a rendition, what entries commit to. */
export type CommittedRendition = {
  id: number;
  type: string;
  tlp: string;
  pap: string | null;
  /** Of the body as it was released. */
  sha256: Buffer;
};

const SHA256 = "coalesce(r.sha256, sha256(convert_to(r.body, 'UTF8'))) AS sha256";

/** Renditions that stand: one of before has no hash of its body beside it. */
export async function selectCommitted(
  db: Queryable,
  ids: readonly number[],
): Promise<Map<number, CommittedRendition>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<CommittedRendition>(
    `SELECT id, type, tlp, pap, ${SHA256} FROM rendition r WHERE id = ANY($1)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** The codes of organisations, of removed ones too. */
export async function selectCodes(db: Queryable, ids: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await db.query<{ id: number; code: string }>(
    "SELECT id, code FROM core.organisation_code WHERE id = ANY($1)",
    [ids],
  );
  return new Map(rows.map(({ id, code }) => [id, code]));
}

/** All that an entry commits to, from the rows that it is made of. */
export type OpenedRow = {
  seq: number;
  at: string;
  kind: string;
  rendition_id: number;
  audience_id: number;
  /** Null for what was logged before there were commitments. */
  commitment: Buffer | null;
  producer: number;
  shown_id: string;
  type: string;
  tlp: string;
  pap: string | null;
  sha256: Buffer;
  /** Of the body as it is now. */
  body_sha256: Buffer;
  /** What TAXII shows of it, where it was taken back. */
  revocation: string | null;
  original_id: string;
  version: string;
  content_hash: Buffer;
  /** How the version was stated, and by whom it was said what by now. */
  submission_id: string | null;
  rank: number;
  version_kind: ReleaseItem["kind"];
  creator: string | null;
  created: string | null;
  revoked: boolean;
  named: string[] | null;
  community: boolean;
  is_victims: boolean;
  limits: Limits | null;
  form: number;
  first_said: string | null;
  seal: Buffer | null;
  whole_id: number;
  /** Null for what an originator took back. */
  decision: string | null;
};

/** As the writing role: whoever asks for it has made sure that the reader may see the entry. */
export async function selectOpening(db: Queryable, seq: number): Promise<OpenedRow | undefined> {
  const { rows } = await db.query<OpenedRow>(
    `SELECT l.seq, to_char(l.logged_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, l.kind,
            l.rendition_id, l.audience_id, l.commitment, r.producer, r.stix_id AS shown_id, r.type, r.tlp, r.pap,
            ${SHA256}, sha256(convert_to(r.body, 'UTF8')) AS body_sha256, r.revocation,
            o.stix_id AS original_id, o.version, o.content_hash, o.submission_id, o.rank, o.kind AS version_kind, o.creator,
            o.created, o.revoked, o.named, o.community, o.is_victims, o.limits, o.form, o.first_said, o.seal,
            whole.id AS whole_id, d.body AS decision
       FROM log l JOIN rendition r ON r.id = l.rendition_id
       JOIN rendition held ON held.id = CASE WHEN r.closes THEN r.copy_of ELSE r.id END
       JOIN rendition whole ON whole.id = coalesce(held.copy_of, held.id)
       JOIN object_version o ON o.stix_id = whole.stix_id AND o.producer = whole.producer AND o.rendition_id = whole.id
       LEFT JOIN decision d ON d.id = l.decision_id
      WHERE l.seq = $1`,
    [seq],
  );
  return rows[0];
}
