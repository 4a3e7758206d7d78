import { hash, randomUUID } from "node:crypto";
import {
  type Member,
  PairPolicy,
  pairOf,
  partiesOf,
  policyBytes,
  policyHash,
  signPolicy as signed,
} from "@suar/policy";
import { newPolicyKeys } from "@suar/policy/testing/policy-keys";
import { readWholeStanding } from "@suar/runtime";
import type pg from "pg";
import type { GateScene } from "./gate-scene.ts";

type Changing = Partial<PairPolicy> | ((policy: PairPolicy) => Partial<PairPolicy>);
type Signing = Pick<GateScene, "inside" | "owner">;

/** The next version of a pair's policy, signed, in the rows in which governance keeps one; it begins at its own time. */
export async function signPolicy(
  { inside, owner }: Signing,
  [exporter, importer]: readonly [string, string],
  change: Changing,
): Promise<PairPolicy> {
  const { policies } = await readWholeStanding(inside.realm.write, inside.platform.trust);
  const last = pairOf(policies, exporter, importer)?.policy;
  if (last === undefined) throw new Error("there is no such pair");
  const changed = typeof change === "function" ? change(last) : change;
  const next = PairPolicy.parse({
    ...last,
    ...changed,
    version: (await lastSigned(owner, exporter, importer)) + 1,
    previous: policyHash(last),
  });
  const id = randomUUID();
  await owner.query("BEGIN");
  await owner.query(
    `INSERT INTO core.policy_proposal (id, exporter, importer, version, effective_from, policy, hash, proposer, proposed_by)
     VALUES ($1, $2, $3, $4, $5, $6, decode($7, 'hex'), $2, 'person:test')`,
    [
      id,
      exporter,
      importer,
      next.version,
      next.effective.from,
      Buffer.from(policyBytes(next)).toString("utf8"),
      policyHash(next),
    ],
  );
  for (const member of partiesOf(next)) await putSignature({ inside, owner }, id, next, member);
  await owner.query("UPDATE core.policy_proposal SET signed_at = clock_timestamp() WHERE id = $1", [id]);
  await owner.query("COMMIT");
  return next;
}

/** By a key that is made for it, as if another member had confirmed it. */
async function putSignature(
  { inside, owner }: Signing,
  id: string,
  policy: PairPolicy,
  member: Member,
): Promise<void> {
  const keys = newPolicyKeys();
  const { key } = keys;
  const bytes = Buffer.from(key, "base64");
  const { signature } = signed(policy, member, keys);
  const keyId = hash("sha256", bytes).slice(0, 16);
  await owner.query(
    `INSERT INTO core.policy_key (id, member, public_key, label, waits, created_by)
     VALUES ($1, $2, $3, 'test', false, 'person:test')`,
    [keyId, member, bytes],
  );
  const seal = inside.platform.trust.sealOf({
    proposal: id,
    member,
    key,
    hash: policyHash(policy),
    signature,
  });
  await owner.query(
    `INSERT INTO core.policy_signature (proposal_id, member, key_id, signature, seal, signed_by)
     VALUES ($1, $2, $3, decode($4, 'base64'), $5, 'person:test')`,
    [id, member, keyId, signature, seal],
  );
}

async function lastSigned(owner: pg.Client, exporter: string, importer: string): Promise<number> {
  const { rows } = await owner.query<{ version: number }>(
    "SELECT coalesce(max(version), 1) AS version FROM core.policy_proposal WHERE exporter = $1 AND importer = $2",
    [exporter, importer],
  );
  return rows[0]?.version ?? 1;
}
