import type { PolicyProposal, ProposalDocument } from "@suar/contract";
import { type KeysOf, type PolicyIndex, policyHash, policySetHash } from "@suar/policy";
import type { SuarClient } from "../../client.ts";
import { SuarError } from "../../error.ts";
import { collect } from "../shell/collect.ts";
import { type PolicyFinding, unsigned } from "./check-policies.ts";

/** Every version that members ever signed, as the platform tells of them. */
export type PolicyHistory = { versions: readonly ProposalDocument[]; findings: PolicyFinding[] };

export async function readHistory(client: SuarClient, keysOf: KeysOf | undefined): Promise<PolicyHistory> {
  const history: { versions: ProposalDocument[]; findings: PolicyFinding[] } = { versions: [], findings: [] };
  for (const { id, pair, version } of await collect(client.policies.proposals({ state: "signed" }))) {
    const read = await readVersion(client, id, keysOf);
    if ("why" in read) history.findings.push({ pair, why: `version ${version}: ${read.why}` });
    else history.versions.push(read.version);
  }
  return history;
}

async function readVersion(
  client: SuarClient,
  id: string,
  keysOf: KeysOf | undefined,
): Promise<{ version: ProposalDocument } | { why: string }> {
  try {
    const version = await client.policies.proposal(id);
    if (policyHash(version.policy) !== version.hash)
      return { why: "it has another hash than the platform tells" };
    const why = keysOf && unsigned(version.policy, version.signatures, keysOf);
    return why === undefined ? { version } : { why };
  } catch (error) {
    if (error instanceof SuarError && error.code === "conflict") return { why: error.message };
    throw error;
  }
}

type Time = { from: number; until: number };

/** When which whole set of policies was in force, by its hash: of each pair what ships, and then one version after the other. */
export function setsInForce(
  shipped: readonly PolicyIndex[],
  versions: readonly Pick<PolicyProposal, "pair" | "version" | "hash" | "inForceFrom">[],
): ReadonlyMap<string, readonly Time[]> {
  const begun = versions
    .flatMap((one) => (one.inForceFrom === null ? [] : [{ ...one, from: Date.parse(one.inForceFrom) }]))
    .sort((a, b) => a.from - b.from);
  const sets = new Map<string, Time[]>();
  for (const { policies } of shipped) {
    const hashes = { ...policies };
    const last = new Map<string, number>();
    let from = Number.NEGATIVE_INFINITY;
    const end = (until: number): void => {
      if (until > from) note(sets, policySetHash(hashes), { from, until });
      from = until;
    };
    for (const one of begun) {
      if (one.version < (last.get(one.pair) ?? 0)) continue;
      end(one.from);
      hashes[one.pair] = one.hash;
      last.set(one.pair, one.version);
    }
    end(Number.POSITIVE_INFINITY);
  }
  return sets;
}

function note(sets: Map<string, Time[]>, hash: string, time: Time): void {
  sets.set(hash, [...(sets.get(hash) ?? []), time]);
}
