import { AppError } from "@suar/contract";
import { type PairPolicy, partiesOf } from "@suar/policy";
import type { Platform } from "@suar/runtime";
import { selectDiffed } from "./store/policy-diff.ts";
import type { ProposalRow } from "./store/policy-proposal.ts";

type Signing = { proposal: ProposalRow; policy: PairPolicy; party: string; waiveDiff: boolean };

/**
 * With the last signature a policy is in force: not before every party can read what this very text would have changed,
 * unless each of them said with its own signature not to wait. Nobody waives it for another. Throws `diff-not-ready`.
 */
export async function requireDiffs(
  { realms }: Pick<Platform, "realms">,
  { proposal, policy, party, waiveDiff }: Signing,
): Promise<void> {
  const parties = partiesOf(policy);
  const others = parties.filter((one) => one !== party);
  const signed = new Map(proposal.signatures.map((one) => [one.member, one.waived_diff]));
  if (!others.every((one) => signed.has(one))) return;
  const waiting = parties.filter((one) => (one === party ? !waiveDiff : signed.get(one) !== true));
  if (waiting.length === 0) return;
  const { write } = await realms.named("live");
  const diffed = await selectDiffed(write, proposal.hash, parties);
  const missing = parties.filter((one) => !diffed.includes(one));
  if (missing.length === 0) return;
  throw new AppError("diff-not-ready", refusal(missing, waiting));
}

function refusal(missing: readonly string[], waiting: readonly string[]): string {
  return [
    `What it would have changed is being worked out for ${missing.join(" and ")}; ask for the proposal's diff to see how far it is.`,
    `It is not waited for where each party's signature says so: that of ${waiting.join(" and ")} does not`,
  ].join(" ");
}
