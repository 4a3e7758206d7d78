import type { Organisation } from "@suar/policy";
import type { Queryable } from "../database/pool.ts";
import type { PolicyTrust, TrustedPolicies } from "./policy-trust.ts";

/**
 * What members' sharing stands under at one moment: the policies of pairs in force, and the agreements that each member
 * is party to, by names as `asean-mcc:CN-SG` (the kind, and the two members in the order of the alphabet).
 */
export type Standing = TrustedPolicies & {
  readonly agreements: ReadonlyMap<string, readonly string[]>;
  /** By these names, what was agreed: a hash of the terms. One that ends and is made again is another. */
  readonly terms: ReadonlyMap<string, string>;
};

/** Asks the database, through the caller's own client: within a transaction all of it is judged by what is true there. */
export async function readStanding(db: Queryable, trust: PolicyTrust): Promise<Standing> {
  return { ...(await trust.read(db)), ...(await readAgreements(db)) };
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

/** The last that was read, and when: another realm has the same, and most questions find it as it was. */
const wholes = new WeakMap<PolicyTrust, { whole: Omit<WholeStanding, "now">; readAt: number }>();
const MOST_READS = 10;
/**
 * The fingerprint tells of what was written as the platform writes it; that a row is another than the one that was verified,
 * and nothing says so, is looked for now and then.
 */
const VERIFIED_FOR_MS = 2_000;

/**
 * Asks through a client of a realm's writer. All of it is of one moment: it is read again where something changed
 * meanwhile. Throws where it changes too often. `verified`: whatever is remembered is read anew, and what is not the row that
 * was verified is verified.
 */
export async function readWholeStanding(
  db: Queryable,
  trust: PolicyTrust,
  how: "remembered" | "verified" = "remembered",
): Promise<WholeStanding> {
  let asked = await readFingerprint(db);
  for (let reads = 0; ; reads++) {
    const known = how === "verified" && reads === 0 ? undefined : wholes.get(trust);
    if (known?.whole.fingerprint === asked.fingerprint && performance.now() - known.readAt < VERIFIED_FOR_MS)
      return { ...known.whole, now: asked.now };
    if (reads === MOST_READS) throw new Error("the standing changes faster than it is read");
    const standing = await readStanding(db, trust);
    const organisations = await readOrganisations(db, standing);
    const revision = await readRevision(db);
    const before = asked;
    asked = await readFingerprint(db);
    if (asked.fingerprint === before.fingerprint) {
      const whole = { ...standing, fingerprint: asked.fingerprint, organisations, revision };
      wholes.set(trust, { whole, readAt: performance.now() });
    }
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

/**
 * Every organisation stands under its member's law: `jurisdiction` is set for none, an agency sits where its member is. A
 * second law would only close more (docs/policy.md).
 */
async function readOrganisations(db: Queryable, { agreements, terms }: Standing): Promise<Organisation[]> {
  const { rows } = await db.query<Pick<Organisation, "id" | "code" | "member"> & { kind: "cert" | "agency" }>(
    "SELECT id, code, member, kind FROM core.directory ORDER BY id",
  );
  const byMember = new Map(
    [...agreements].map(([member, names]) => [
      member,
      { agreements: names, terms: Object.fromEntries(names.map((name) => [name, terms.get(name) ?? ""])) },
    ]),
  );
  return rows.map((row) => ({ ...row, ...(byMember.get(row.member) ?? { agreements: [] }) }));
}

async function readRevision(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ revision: number }>("SELECT revision FROM core.directory_revision");
  const [asked] = rows;
  if (asked === undefined) throw new Error("the database says nothing");
  return asked.revision;
}

type AgreementRow = { proposer: string; partner: string; kind: string; hash: string };

async function readAgreements(db: Queryable): Promise<Pick<Standing, "agreements" | "terms">> {
  const { rows } = await db.query<AgreementRow>(
    "SELECT proposer, partner, kind, hash FROM core.agreement_in_force ORDER BY kind, proposer, partner, hash",
  );
  const agreements = new Map<string, string[]>();
  const terms = new Map<string, string>();
  for (const { proposer, partner, kind, hash } of rows) {
    const name = `${kind}:${[proposer, partner].sort().join("-")}`;
    terms.set(name, terms.has(name) ? `${terms.get(name)} ${hash}` : hash);
    for (const member of [proposer, partner]) {
      const names = agreements.get(member) ?? [];
      if (!names.includes(name)) agreements.set(member, [...names, name]);
    }
  }
  return { agreements, terms };
}
