import { type Organisation, PairPolicy, type PolicySet, pairName, policiesOf, policySet } from "@suar/policy";
import type { Queryable } from "./database/pool.ts";
import { seedPolicies } from "./policies.ts";

/**
 * What members' sharing stands under at one moment: the policies of pairs in force, and the agreements that each member
 * is party to, by names as `asean-mcc:CN-SG` (the kind, and the two members in the order of the alphabet).
 */
export type Standing = {
  readonly policies: PolicySet;
  readonly agreements: ReadonlyMap<string, readonly string[]>;
  /** By these names, which agreements they are: one that ends and is made again is another. */
  readonly agreed: ReadonlyMap<string, readonly string[]>;
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
  return { policies, ...(await readAgreements(db)) };
}

/** All that decisions stand on beside the object, as of one moment. */
export type WholeStanding = Standing & {
  /** Another as soon as any of it is, but for what a policy says of its own time. */
  readonly fingerprint: string;
  /** That moment by the database's clock, in milliseconds of the epoch. */
  readonly now: number;
  /** Those who are members or their agencies now, with the agreements of their members. */
  readonly organisations: readonly Organisation[];
  /** Goes up with every change of an organisation, of those that were removed, too. */
  readonly revision: number;
};

/** The last that was read: another realm has the same, and most questions find it as it was. */
let whole: Omit<WholeStanding, "now"> | undefined;
const MOST_READS = 10;

/**
 * Asks through a client of a realm's writer. All of it is of one moment: it is read again where something changed
 * meanwhile. Throws where it changes too often, and as `readStanding` does.
 */
export async function readWholeStanding(db: Queryable): Promise<WholeStanding> {
  let asked = await readFingerprint(db);
  for (let reads = 0; ; reads++) {
    if (whole?.fingerprint === asked.fingerprint) return { ...whole, now: asked.now };
    if (reads === MOST_READS) throw new Error("the standing changes faster than it is read");
    const standing = await readStanding(db);
    const organisations = await readOrganisations(db, standing);
    const revision = await readRevision(db);
    const before = asked;
    asked = await readFingerprint(db);
    if (asked.fingerprint === before.fingerprint) whole = { ...standing, ...before, organisations, revision };
  }
}

type Fingerprint = Pick<WholeStanding, "fingerprint" | "now">;

async function readFingerprint(db: Queryable): Promise<Fingerprint> {
  const { rows } = await db.query<Fingerprint>({
    name: "standing-now",
    text: "SELECT standing_now() AS fingerprint, (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now",
  });
  const [asked] = rows;
  if (asked === undefined) throw new Error("the database says nothing");
  return asked;
}

async function readOrganisations(db: Queryable, { agreements }: Standing): Promise<Organisation[]> {
  const { rows } = await db.query<Pick<Organisation, "id" | "code" | "member"> & { kind: "cert" | "agency" }>(
    "SELECT id, code, member, kind FROM core.directory ORDER BY id",
  );
  return rows.map((row) => ({ ...row, agreements: agreements.get(row.member) ?? [] }));
}

async function readRevision(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ revision: number }>("SELECT revision FROM core.directory_revision");
  const [asked] = rows;
  if (asked === undefined) throw new Error("the database says nothing");
  return asked.revision;
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

async function readAgreements(db: Queryable): Promise<Pick<Standing, "agreements" | "agreed">> {
  const { rows } = await db.query<{ proposer: string; partner: string; kind: string; id: string }>(
    "SELECT proposer, partner, kind, id FROM core.agreement_in_force ORDER BY kind, proposer, partner, id",
  );
  const agreements = new Map<string, string[]>();
  const agreed = new Map<string, string[]>();
  for (const { proposer, partner, kind, id } of rows) {
    const name = `${kind}:${[proposer, partner].sort().join("-")}`;
    agreed.set(name, [...(agreed.get(name) ?? []), id]);
    for (const member of [proposer, partner]) {
      const names = agreements.get(member) ?? [];
      if (!names.includes(name)) agreements.set(member, [...names, name]);
    }
  }
  return { agreements, agreed };
}
