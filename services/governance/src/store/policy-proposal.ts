import type { ListPlace, ProposalState } from "@suar/contract";
import type { Queryable } from "@suar/runtime";

type SignatureRow = {
  member: string;
  key: string;
  /** Base64. */
  public_key: string;
  signature: string;
  signed_at: string;
  waived_diff: boolean;
};

export type ProposalRow = {
  id: string;
  exporter: string;
  importer: string;
  version: number;
  /** Canonical JSON. */
  policy: string;
  /** Hex. */
  hash: string;
  proposer: string;
  created_at: Date;
  effective_from: Date;
  signed_at: Date | null;
  withdrawn_at: Date | null;
  created_us: number;
  signatures: SignatureRow[];
};

/** While it waits for another, a signature by a key that was revoked meanwhile counts for nothing. */
const COLUMNS = `p.id, p.exporter, p.importer, p.version, p.policy, encode(p.hash, 'hex') AS hash, p.proposer,
  p.created_at, p.effective_from, p.signed_at, p.withdrawn_at,
  (extract(epoch FROM p.created_at) * 1000000)::bigint AS created_us,
  coalesce((SELECT json_agg(json_build_object('member', s.member, 'key', s.key_id,
                       'public_key', encode(k.public_key, 'base64'), 'signature', encode(s.signature, 'base64'),
                       'signed_at', s.signed_at, 'waived_diff', s.waived_diff) ORDER BY s.member)
              FROM core.policy_signature s JOIN core.policy_key k ON k.id = s.key_id
             WHERE s.proposal_id = p.id AND (p.signed_at IS NOT NULL OR k.revoked_at IS NULL)), '[]') AS signatures`;

export type NewProposal = {
  id: string;
  exporter: string;
  importer: string;
  version: number;
  policy: string;
  hash: string;
  proposer: string;
  actor: string;
  effectiveFrom: string;
};

export async function insertProposal(db: Queryable, row: NewProposal): Promise<void> {
  await db.query(
    `INSERT INTO core.policy_proposal (id, exporter, importer, version, policy, hash, proposer, proposed_by, effective_from)
     VALUES ($1, $2, $3, $4, $5, decode($6, 'hex'), $7, $8, $9)`,
    [
      row.id,
      row.exporter,
      row.importer,
      row.version,
      row.policy,
      row.hash,
      row.proposer,
      row.actor,
      row.effectiveFrom,
    ],
  );
}

export async function selectProposal(db: Queryable, id: string): Promise<ProposalRow | undefined> {
  const { rows } = await db.query<ProposalRow>(
    `SELECT ${COLUMNS} FROM core.policy_proposal p WHERE p.id = $1`,
    [id],
  );
  return rows[0];
}

/** Nobody else signs or withdraws it until the transaction ends. */
export async function lockProposal(db: Queryable, id: string): Promise<ProposalRow | undefined> {
  await db.query("SELECT FROM core.policy_proposal WHERE id = $1 FOR UPDATE", [id]);
  return await selectProposal(db, id);
}

/** One at a time changes what is signed of a pair. */
export async function lockPair(db: Queryable, pair: string): Promise<void> {
  await db.query("SELECT pg_advisory_xact_lock(hashtext('policy:' || $1))", [pair]);
}

/** Newest first. */
export async function selectProposals(
  db: Queryable,
  wanted: { pair: string | undefined; state: ProposalState | undefined },
  after: ListPlace,
  limit: number,
): Promise<ProposalRow[]> {
  const { rows } = await db.query<ProposalRow>(
    `SELECT * FROM (SELECT ${COLUMNS} FROM core.policy_proposal p
                     WHERE ($4::text IS NULL OR p.exporter || '-' || p.importer = $4)
                       AND ($5::text IS NULL OR $5 = CASE WHEN p.signed_at IS NOT NULL THEN 'signed'
                                                          WHEN p.withdrawn_at IS NOT NULL THEN 'withdrawn'
                                                          ELSE 'open' END)) one
      WHERE (created_us, id) < ($1, $2::uuid) ORDER BY created_us DESC, id DESC LIMIT $3`,
    [after.key, after.id, limit, wanted.pair ?? null, wanted.state ?? null],
  );
  return rows;
}

type OpenProposal = Pick<ProposalRow, "exporter" | "importer" | "policy" | "hash">;

/** All that wait for a signature: of each pair there are a few. */
export async function selectAllOpen(db: Queryable): Promise<OpenProposal[]> {
  const { rows } = await db.query<OpenProposal>(
    `SELECT exporter, importer, policy, encode(hash, 'hex') AS hash FROM core.policy_proposal
      WHERE signed_at IS NULL AND withdrawn_at IS NULL`,
  );
  return rows;
}

/** Of these hashes, those of which no proposal is open or signed. */
export async function selectForsaken(db: Queryable, hashes: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ hash: string }>(
    `SELECT asked.hash FROM unnest($1::text[]) AS asked (hash)
      WHERE NOT EXISTS (SELECT FROM core.policy_proposal p
                         WHERE p.hash = decode(asked.hash, 'hex') AND p.withdrawn_at IS NULL)`,
    [hashes],
  );
  return rows.map(({ hash }) => hash);
}

export async function countOpen(db: Queryable, exporter: string, importer: string): Promise<number> {
  const { rows } = await db.query<{ open: number }>(
    `SELECT count(*)::int AS open FROM core.policy_proposal
      WHERE exporter = $1 AND importer = $2 AND signed_at IS NULL AND withdrawn_at IS NULL`,
    [exporter, importer],
  );
  return rows[0]?.open ?? 0;
}

/** The last version of a pair that both have signed, in force or to come; undefined where none was. */
export async function selectLastSigned(
  db: Queryable,
  exporter: string,
  importer: string,
): Promise<{ version: number; hash: string } | undefined> {
  const { rows } = await db.query<{ version: number; hash: string }>(
    `SELECT version, encode(hash, 'hex') AS hash FROM core.policy_proposal
      WHERE exporter = $1 AND importer = $2 AND signed_at IS NOT NULL ORDER BY version DESC LIMIT 1`,
    [exporter, importer],
  );
  return rows[0];
}

/** The proposal that a signed version was. */
export async function selectSignedProposal(
  db: Queryable,
  exporter: string,
  importer: string,
  version: number,
): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM core.policy_proposal
      WHERE exporter = $1 AND importer = $2 AND version = $3 AND signed_at IS NOT NULL`,
    [exporter, importer, version],
  );
  return rows[0]?.id;
}

/** In place of one by a key that was revoked since, or of one that waits for the diffs. */
export async function putSignature(
  db: Queryable,
  row: {
    proposalId: string;
    member: string;
    keyId: string;
    signature: Buffer;
    seal: Buffer;
    actor: string;
    waiveDiff: boolean;
  },
): Promise<void> {
  await db.query(
    `INSERT INTO core.policy_signature (proposal_id, member, key_id, signature, seal, signed_by, waived_diff)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (proposal_id, member) DO UPDATE SET key_id = excluded.key_id, signature = excluded.signature,
       seal = excluded.seal, signed_by = excluded.signed_by, signed_at = clock_timestamp(),
       waived_diff = excluded.waived_diff`,
    [row.proposalId, row.member, row.keyId, row.signature, row.seal, row.actor, row.waiveDiff],
  );
}

export async function markSigned(db: Queryable, id: string): Promise<void> {
  await db.query("UPDATE core.policy_proposal SET signed_at = clock_timestamp() WHERE id = $1", [id]);
}

export async function markWithdrawn(db: Queryable, id: string, actor: string): Promise<void> {
  await db.query(
    "UPDATE core.policy_proposal SET withdrawn_at = clock_timestamp(), withdrawn_by = $2 WHERE id = $1",
    [id, actor],
  );
}
