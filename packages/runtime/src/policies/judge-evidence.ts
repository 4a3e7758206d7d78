import { hash } from "node:crypto";
import type { PolicyProblem } from "@suar/contract";
import {
  ALL_PAIRS,
  PairPolicy,
  PolicySignature,
  pairName,
  partiesOf,
  policyBytes,
  type StandingPolicy,
  verifyPolicy,
} from "@suar/policy";
import type { PolicyEvidence, SignatureRow } from "./policy-evidence.ts";

/** A version that stands in its pair's way: until it verifies, or a later one does, nothing is shared under the pair. */
export type UnverifiedPolicy = {
  pair: string;
  proposal: string;
  version: number;
  /** SHA-256 of the text that is there, in hex. */
  hash: string;
  problem: PolicyProblem;
};

/** What the platform marked when it took a signature. */
export type TakenSignature = {
  proposal: string;
  member: string;
  key: string;
  hash: string;
  signature: string;
};

/** Tells whether this platform took a signature; whoever has the rows alone cannot make it say so. */
export type IsTaken = (taken: TakenSignature, seal: string) => boolean;

export type Judged = { signed: StandingPolicy[]; unverified: Map<string, UnverifiedPolicy> };

const PAIRS: ReadonlySet<string> = new Set(ALL_PAIRS.map(pairName));

/**
 * Which signed policies are in force. Of each pair the latest version that has begun is; what cannot be verified, and is
 * later than that, closes its pair, since what it took the place of must not come back. Earlier ones are history.
 */
export function judgeEvidence(rows: readonly PolicyEvidence[], isTaken: IsTaken): Judged {
  const unverified = new Map<string, UnverifiedPolicy>();
  const inForce: StandingPolicy[] = [];
  for (const versions of Map.groupBy(rows, claimedPair).values())
    for (const row of versions.toSorted(laterFirst)) {
      const verdict = verdictOf(row, isTaken);
      if (verdict === "open" || verdict === "to-come") continue;
      if (typeof verdict === "object") inForce.push({ policy: verdict, standing: "signed" });
      else for (const one of unverifiedPairs(row, verdict)) unverified.set(one.pair, one);
      break;
    }
  return { signed: inForce.filter(({ policy }) => !unverified.has(pairName(policy))), unverified };
}

/** Of one version the signed one: what was taken back is over when its members sign that version anew. */
function laterFirst(a: PolicyEvidence, b: PolicyEvidence): number {
  return b.version - a.version || Number(b.settled !== null) - Number(a.settled !== null);
}

function claimedPair({ exporter, importer }: PolicyEvidence): string {
  return `${exporter}-${importer}`;
}

type Verdict = PairPolicy | "open" | "to-come" | PolicyProblem;

function verdictOf(row: PolicyEvidence, isTaken: IsTaken): Verdict {
  const policy = readPolicy(row.policy);
  const problem = policy === undefined ? "unreadable" : problemOf(row, policy, isTaken);
  // What nobody says is signed is open, unless it is: both signed it, and somebody took that back.
  if (row.settled === null) return problem === undefined ? "not-marked-signed" : "open";
  if (policy === undefined || problem !== undefined) return problem ?? "unreadable";
  return row.begun ? policy : "to-come";
}

function readPolicy(text: string): PairPolicy | undefined {
  try {
    const parsed = PairPolicy.safeParse(JSON.parse(text));
    return parsed.data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function problemOf(row: PolicyEvidence, policy: PairPolicy, isTaken: IsTaken): PolicyProblem | undefined {
  if (isOfAnother(row, policy)) return "columns-differ";
  const taken = signaturesOf(row);
  const known = row.signatures.filter((one) => isKnown(one, row));
  const refused = verifyPolicy(policy, taken, (member) =>
    known.filter(({ owner }) => owner === member).map(({ key }) => key),
  );
  if (refused !== undefined) return refused.code;
  const isSealed = partiesOf(policy).every((party) =>
    row.signatures.some(({ member, key, signature, seal }) => {
      const { id: proposal, hash: of } = row;
      return (
        member === party && seal !== null && isTaken({ proposal, member, key, hash: of, signature }, seal)
      );
    }),
  );
  return isSealed ? undefined : "not-sealed";
}

/** Whether a column says something else than the text that was signed, or a time that cannot be. */
function isOfAnother(row: PolicyEvidence, policy: PairPolicy): boolean {
  const { exporter, importer, version, effective } = policy;
  const { signed_at: settledAt } = row;
  return (
    row.policy !== policyBytes(policy).toString("utf8") ||
    row.hash !== hash("sha256", row.policy) ||
    claimedPair(row) !== pairName({ exporter, importer }) ||
    row.version !== version ||
    row.effective_from.getTime() !== Date.parse(effective.from) ||
    row.settled === false ||
    (settledAt !== null && row.signatures.some(({ signedAt }) => signedAt > settledAt))
  );
}

function signaturesOf({ signatures }: PolicyEvidence): PolicySignature[] {
  return signatures.flatMap(({ member, key, signature }) => {
    const parsed = PolicySignature.safeParse({ member, key, signature });
    return parsed.success ? [parsed.data] : [];
  });
}

/** A key that somebody confirmed, and nobody had revoked when the last signature came. */
function isKnown({ waits, revokedAt }: SignatureRow, { signatures }: PolicyEvidence): boolean {
  return !waits && (revokedAt === null || signatures.every(({ signedAt }) => signedAt <= revokedAt));
}

/** The pair that the row claims, and the one of its text. */
function unverifiedPairs(row: PolicyEvidence, problem: PolicyProblem): UnverifiedPolicy[] {
  const text = readPolicy(row.policy);
  const pairs = new Set([claimedPair(row), ...(text === undefined ? [] : [pairName(text)])]);
  const { id: proposal, version } = row;
  return [...pairs]
    .filter((pair) => PAIRS.has(pair))
    .map((pair) => ({ pair, proposal, version, hash: hash("sha256", row.policy), problem }));
}
