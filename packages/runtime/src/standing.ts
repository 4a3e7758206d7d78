import { PairPolicy, type PolicySet, pairName, policiesOf, policySet } from "@suar/policy";
import type { Queryable } from "./database/pool.ts";
import { seedPolicies } from "./policies.ts";

/**
 * What members' sharing stands under at one moment: the policies of pairs in force, and the agreements that each member
 * is party to, by names as `asean-mcc:CN-SG` (the kind, and the two members in the order of the alphabet).
 */
export type Standing = {
  readonly policies: PolicySet;
  readonly agreements: ReadonlyMap<string, readonly string[]>;
};

let shipped: PolicySet | undefined;
/** The last set that was put together, and of which signed versions: most questions find it as it was. */
let known: { versions: string; policies: PolicySet } | undefined;

/**
 * Asks the database, through the caller's own client: within a transaction all of it is judged by what is true there.
 * Throws where a signed policy is not one: nothing is decided by what nobody can read.
 */
export async function readStanding(db: Queryable): Promise<Standing> {
  const { rows } = await db.query<{ exporter: string; importer: string; version: number }>(VERSIONS_IN_FORCE);
  const versions = rows.map((row) => `${row.exporter}-${row.importer}:${row.version}`).join();
  shipped ??= seedPolicies();
  if (known?.versions !== versions)
    known = { versions, policies: rows.length === 0 ? shipped : await withSigned(db, shipped, versions) };
  const { policies } = known;
  return { policies, agreements: await readAgreements(db) };
}

const VERSIONS_IN_FORCE = `SELECT exporter, importer, max(version) AS version FROM core.signed_policy
  WHERE effective_from <= clock_timestamp() GROUP BY 1, 2 ORDER BY 1, 2`;

/** A signed policy takes the place of the one that ships, also where its time is over: then it withholds. */
async function withSigned(db: Queryable, seeds: PolicySet, versions: string): Promise<PolicySet> {
  const { rows } = await db.query<{ policy: string }>(
    `SELECT policy FROM core.signed_policy
      WHERE exporter || '-' || importer || ':' || version = ANY(string_to_array($1, ','))`,
    [versions],
  );
  const signed = rows.map(({ policy }) => PairPolicy.parse(JSON.parse(policy)));
  const taken = new Set(signed.map(pairName));
  return policySet([
    ...policiesOf(seeds).filter(({ policy }) => !taken.has(pairName(policy))),
    ...signed.map((policy) => ({ policy, standing: "signed" as const })),
  ]);
}

async function readAgreements(db: Queryable): Promise<ReadonlyMap<string, string[]>> {
  const { rows } = await db.query<{ proposer: string; partner: string; kind: string }>(
    "SELECT proposer, partner, kind FROM core.agreement_in_force ORDER BY kind, proposer, partner",
  );
  const byMember = new Map<string, string[]>();
  for (const { proposer, partner, kind } of rows) {
    const name = `${kind}:${[proposer, partner].sort().join("-")}`;
    for (const member of [proposer, partner]) {
      const names = byMember.get(member) ?? [];
      if (!names.includes(name)) byMember.set(member, [...names, name]);
    }
  }
  return byMember;
}
