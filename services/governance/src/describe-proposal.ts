import { AppError, type PolicyProposal, type ProposalDocument, type ProposalState } from "@suar/contract";
import { Importer, Member, PairPolicy, pairName, partiesOf } from "@suar/policy";
import type { ProposalRow } from "./store/policy-proposal.ts";

/** Throws `conflict` where the row was changed under the platform, so that it is no policy any more. */
export function policyOf({ policy }: ProposalRow): PairPolicy {
  try {
    return PairPolicy.parse(JSON.parse(policy));
  } catch (cause) {
    throw new AppError("conflict", "The text that is kept of it is no policy", { cause });
  }
}

export function describeProposal(row: ProposalRow): PolicyProposal {
  const pair = { exporter: Member.parse(row.exporter), importer: Importer.parse(row.importer) };
  const state = stateOf(row);
  const signed = new Set(row.signatures.map(({ member }) => member));
  return {
    id: row.id,
    pair: pairName(pair),
    version: row.version,
    state,
    hash: row.hash,
    proposer: Member.parse(row.proposer),
    createdAt: row.created_at.toISOString(),
    inForceFrom: inForceFrom(row)?.toISOString() ?? null,
    missing: state === "open" ? partiesOf(pair).filter((party) => !signed.has(party)) : [],
    signatures: row.signatures.map((one) => ({
      member: Member.parse(one.member),
      key: one.key,
      publicKey: one.public_key,
      signature: one.signature.replaceAll("\n", ""),
      signedAt: new Date(one.signed_at).toISOString(),
      waivedDiff: one.waived_diff,
    })),
  };
}

export function documentOf(row: ProposalRow): ProposalDocument {
  return { ...describeProposal(row), policy: policyOf(row) };
}

function stateOf({ signed_at, withdrawn_at }: ProposalRow): ProposalState {
  if (signed_at !== null) return "signed";
  return withdrawn_at === null ? "open" : "withdrawn";
}

/** From the time that it names, and not before both have signed. */
function inForceFrom({ signed_at, effective_from }: ProposalRow): Date | undefined {
  if (signed_at === null) return undefined;
  return signed_at > effective_from ? signed_at : effective_from;
}
