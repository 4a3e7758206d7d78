import { randomUUID } from "node:crypto";
import { PairPolicy, pairOf, policyBytes, policyHash } from "@suar/policy";
import { readWholeStanding } from "@suar/runtime";
import type pg from "pg";
import type { GateScene } from "./gate-scene.ts";

type Changing = Partial<PairPolicy> | ((policy: PairPolicy) => Partial<PairPolicy>);

/** The next version of a pair's policy, signed, in the rows in which governance keeps one; it begins at its own time. */
export async function signPolicy(
  { inside, owner }: Pick<GateScene, "inside" | "owner">,
  [exporter, importer]: readonly [string, string],
  change: Changing,
): Promise<PairPolicy> {
  const { policies } = await readWholeStanding(inside.realm.write);
  const last = pairOf(policies, exporter, importer)?.policy;
  if (last === undefined) throw new Error("there is no such pair");
  const changed = typeof change === "function" ? change(last) : change;
  const next = PairPolicy.parse({
    ...last,
    ...changed,
    version: (await lastSigned(owner, exporter, importer)) + 1,
  });
  await owner.query(
    `INSERT INTO core.policy_proposal (id, exporter, importer, version, effective_from, policy, hash, proposer, proposed_by, signed_at)
     VALUES ($1, $2, $3, $4, $5, $6, decode($7, 'hex'), $2, 'person:test', clock_timestamp())`,
    [
      randomUUID(),
      exporter,
      importer,
      next.version,
      next.effective.from,
      Buffer.from(policyBytes(next)).toString("utf8"),
      policyHash(next),
    ],
  );
  return next;
}

async function lastSigned(owner: pg.Client, exporter: string, importer: string): Promise<number> {
  const { rows } = await owner.query<{ version: number }>(
    "SELECT coalesce(max(version), 1) AS version FROM core.policy_proposal WHERE exporter = $1 AND importer = $2",
    [exporter, importer],
  );
  return rows[0]?.version ?? 1;
}
