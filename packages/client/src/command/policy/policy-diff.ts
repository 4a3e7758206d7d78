import { PairName, type PolicyDiff } from "@suar/contract";
import { pairName } from "@suar/policy";
import type { Command } from "commander";
import { SuarError } from "../../error.ts";
import { cleanText } from "../shell/clean-text.ts";
import type { Context } from "../shell/context.ts";
import { run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { UsageError } from "../shell/exit-codes.ts";
import { describeCounts, describeDiff } from "./describe-diff.ts";
import { readPolicyFile } from "./pair-policy-file.ts";

export function addPolicyDiff(policy: Command): void {
  describe(
    policy
      .command("diff")
      .argument("<proposal>", "the id of a proposal, or a pair as CN-SG for a policy of yours")
      .argument("[file]", "the policy that you mean to propose for the pair, as JSON"),
    "tell what a policy would have changed in the last 90 days, before it is in force",
    "suar policy diff CN-SG CN-SG.json",
    "suar policy diff ID",
  ).action(run(diff));
}

async function diff(context: Context, what: string, file: string | undefined): Promise<undefined> {
  const found = file === undefined ? await ofProposal(context, what) : await ofDraft(context, what, file);
  await context.terminal.show(found, () => describeDiff(found));
  return undefined;
}

async function ofDraft(context: Context, pair: string, file: string): Promise<PolicyDiff> {
  const policy = await readPolicyFile(file);
  if (pairName(policy) !== pair) throw new UsageError(`${file} is a policy for ${pairName(policy)}`);
  const { policies } = await context.client();
  return await drawn(context, (onProgress, signal) => policies.diffDraft(pair, policy, onProgress, signal));
}

async function ofProposal(context: Context, id: string): Promise<PolicyDiff> {
  if (PairName.safeParse(id).success)
    throw new UsageError(`give the file of the policy that is meant for ${id}`);
  const { policies } = await context.client();
  return await drawn(context, (onProgress, signal) => policies.diff(id, onProgress, signal));
}

type Asking = (
  onProgress: (progress: { done: number; total: number }) => void,
  signal: AbortSignal,
) => Promise<PolicyDiff>;

async function drawn(context: Context, ask: Asking): Promise<PolicyDiff> {
  const bar = context.terminal.progress();
  try {
    return await ask(({ done, total }) => bar.update("deciding again", done, total), context.interruption());
  } finally {
    bar.clear();
  }
}

/** Before a proposal is signed. Where it cannot be had, whoever signs decides without it, and is told so. */
export async function noteDiff(context: Context, id: string): Promise<void> {
  const told = await ofProposal(context, id).then(describeCounts, (error: unknown) => {
    if (!(error instanceof SuarError)) throw error;
    return `what it would change cannot be told now: ${cleanText(error.message)}`;
  });
  context.terminal.note(`${told}\nexamples: suar policy diff ${id}`);
}
