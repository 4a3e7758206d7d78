import type { PolicyProposal, ProposalDocument, ProposalState } from "@suar/contract";
import { Member, PairPolicy, pairName, partiesOf } from "@suar/policy";
import type { ProposalRow } from "./store/policy-proposal.ts";

export function policyOf({ policy }: ProposalRow): PairPolicy {
  return PairPolicy.parse(JSON.parse(policy));
}

export function describeProposal(row: ProposalRow): PolicyProposal {
  const policy = policyOf(row);
  const state = stateOf(row);
  const signed = new Set(row.signatures.map(({ member }) => member));
  return {
    id: row.id,
    pair: pairName(policy),
    version: row.version,
    state,
    hash: row.hash,
    proposer: Member.parse(row.proposer),
    createdAt: row.created_at.toISOString(),
    inForceFrom: inForceFrom(row)?.toISOString() ?? null,
    missing: state === "open" ? partiesOf(policy).filter((party) => !signed.has(party)) : [],
    signatures: row.signatures.map((one) => ({
      member: Member.parse(one.member),
      key: one.key,
      publicKey: one.public_key,
      signature: one.signature.replaceAll("\n", ""),
      signedAt: new Date(one.signed_at).toISOString(),
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
