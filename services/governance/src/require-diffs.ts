import { AppError } from "@suar/contract";
import { type PairPolicy, partiesOf } from "@suar/policy";
import type { Platform } from "@suar/runtime";
import { selectDiffed } from "./store/policy-diff.ts";
import type { ProposalRow } from "./store/policy-proposal.ts";

type Signing = { proposal: ProposalRow; policy: PairPolicy; party: string; waiveDiff: boolean };

/**
 * With the last signature a policy is in force: not before both members can read what it would have changed, unless whoever
 * signs says not to wait. True where somebody did. Throws `diff-not-ready`.
 */
export async function requireDiffs(
  { realms }: Pick<Platform, "realms">,
  { proposal, policy, party, waiveDiff }: Signing,
): Promise<boolean> {
  const parties = partiesOf(policy);
  const isLast = parties.every(
    (one) => one === party || proposal.signatures.some(({ member }) => member === one),
  );
  if (!isLast) return false;
  const { write } = await realms.named("live");
  const diffed = await selectDiffed(write, proposal.hash, parties);
  const missing = parties.filter((one) => !diffed.includes(one));
  if (missing.length === 0) return false;
  if (waiveDiff) return true;
  throw new AppError(
    "diff-not-ready",
    `What it would have changed is being worked out for ${missing.join(" and ")}; ask for the proposal's diff to see how far it is`,
  );
}
