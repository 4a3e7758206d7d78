import { z } from "zod";
import type { Queryable } from "../database/pool.ts";

/** A signature as its rows have it, and whose the key is that it names. */
const SignatureRow = z.object({
  member: z.string(),
  owner: z.string(),
  /** Base64. */
  key: z.string(),
  signature: z.string(),
  /** Hex; null where the platform never took it. */
  seal: z.string().nullable(),
  signedAt: z.coerce.date(),
  waits: z.boolean(),
  revokedAt: z.coerce.date().nullable(),
});
export type SignatureRow = z.infer<typeof SignatureRow>;

/** A version that says of itself that it is signed, as rows have it. */
export const PolicyEvidence = z.object({
  id: z.string(),
  exporter: z.string(),
  importer: z.string(),
  version: z.number(),
  policy: z.string(),
  hash: z.string(),
  effective_from: z.date(),
  signed_at: z.date().nullable(),
  /** Whether these two times have come, by the database's clock. */
  settled: z.boolean().nullable(),
  begun: z.boolean(),
  signatures: z.array(SignatureRow),
});
export type PolicyEvidence = z.infer<typeof PolicyEvidence>;

/** Another text as soon as anything of the evidence was written, or the time of a version has come. */
export async function readEvidenceState(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ state: string }>(
    "SELECT coalesce(string_agg(state, ',' ORDER BY id), '') AS state FROM core.policy_evidence",
  );
  return rows[0]?.state ?? "";
}

/** The later versions of a pair first. */
export async function readEvidence(db: Queryable): Promise<PolicyEvidence[]> {
  const { rows } = await db.query(
    `SELECT id, exporter, importer, version, policy, hash, effective_from, signed_at, settled, begun, signatures
       FROM core.policy_evidence ORDER BY exporter, importer, version DESC, id`,
  );
  return rows.map((row) => PolicyEvidence.parse(row));
}
