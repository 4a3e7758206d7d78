import { type PolicyProposal, ProposalState } from "@suar/contract";
import { pairName, policyHash, signPolicy } from "@suar/policy";
import type { Command } from "commander";
import { collect } from "../shell/collect.ts";
import { confirm } from "../shell/confirm.ts";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { EXIT, UsageError } from "../shell/exit-codes.ts";
import { table } from "../shell/terminal.ts";
import { noteClosing } from "./closing.ts";
import { readPolicyFile } from "./pair-policy-file.ts";
import { addPolicyDiff, noteDiff } from "./policy-diff.ts";
import { readPolicyKey } from "./policy-key-file.ts";

export function addPolicyCommands(program: Command): void {
  const policy = program
    .command("policy")
    .description("the policies of pairs of members: what may go from one to another, and how");
  describe(
    policy.command("list"),
    "list the policies in force: one for each ordered pair, and one to the public",
    "suar policy list",
    "suar policy show CN-SG",
  ).action(run(list));
  describe(
    policy
      .command("show")
      .argument("<pair>", "exporter and importer, as CN-SG or CN-public")
      .option("--next", "as the version after it, to be edited and proposed"),
    "print the policy of a pair as JSON",
    "suar policy show CN-SG --next > CN-SG.json",
    "suar policy propose CN-SG.json",
  ).action(run(show));
  describe(
    policy.command("propose").argument("<file>", "the next version, as JSON"),
    "propose the next version of a policy; it is in force once both members have signed it",
    "suar policy propose CN-SG.json",
    "suar policy diff ID",
  ).action(run(propose));
  addPolicyDiff(policy);
  addSigning(policy);
}

function addSigning(policy: Command): void {
  describe(
    policy
      .command("proposals")
      .option("--pair <pair>", "of one pair")
      .option("--state <state>", ProposalState.options.join(", ")),
    "list proposals, newest first, and whose signatures they wait for",
    "suar policy proposals --state open",
    "suar policy sign ID --key-file policy.pem",
  ).action(run(proposals));
  describe(
    policy
      .command("sign")
      .argument("<id>", "the proposal")
      .requiredOption("--key-file <file>", "your member's private key (suar policy-key new)")
      .option("--policy <file>", "sign only if the proposal is this very policy")
      .option("--yes", "do not ask after telling what it would change")
      .option(
        "--waive-diff",
        "do not wait for what it would change, where it has to be in force at once; holds if each party says so",
      ),
    "sign a proposal on this machine, after telling what it would change; the private key does not leave it",
    "suar policy sign ID --key-file policy.pem --policy CN-SG.json",
    "suar policy proposals",
  ).action(run(sign));
  describe(
    policy.command("withdraw").argument("<id>", "the proposal"),
    "take a proposal back, or refuse the other member's",
    "suar policy withdraw ID",
    "suar policy proposals",
  ).action(
    run(async (context, id: string) => tell(context, await (await context.client()).policies.withdraw(id))),
  );
}

async function list(context: Context): Promise<undefined> {
  const all = await collect((await context.client()).policies.list());
  await context.terminal.show(all, () =>
    table(
      ["pair", "version", "standing", "hash"],
      all.map((one) => [one.pair, one.version, one.standing, one.hash.slice(0, 16)]),
    ),
  );
  return undefined;
}

async function show(context: Context, pair: string, options: { next?: true }): Promise<number> {
  const found = await (await context.client()).policies.get(pair);
  const { policy, version, standing, hash, problem } = found;
  context.terminal.note(`${found.pair} version ${version}, ${standing}, sha256 ${hash}`);
  if (policy === null) {
    context.terminal.note(`nothing is shared under it: the platform cannot verify it (${problem})`);
    await context.terminal.show(found, () => "");
    return EXIT.failure;
  }
  const shown = options.next === true ? { ...policy, version: version + 1, previous: hash } : policy;
  await context.terminal.show({ ...found, policy: shown }, () => JSON.stringify(shown, undefined, 2));
  return EXIT.ok;
}

async function propose(context: Context, file: string): Promise<undefined> {
  const policy = await readPolicyFile(file);
  const proposal = await (await context.client()).policies.propose(pairName(policy), policy);
  await tell(context, proposal);
  context.terminal.next(`suar policy diff ${proposal.id}`);
  return undefined;
}

async function proposals(context: Context, options: { pair?: string; state?: string }): Promise<undefined> {
  const state = ProposalState.optional().safeParse(options.state);
  if (!state.success) throw new UsageError(`--state is one of ${ProposalState.options.join(", ")}`);
  const wanted = { pair: options.pair, state: state.data };
  const all = await collect((await context.client()).policies.proposals(wanted));
  await context.terminal.show(all, () =>
    table(
      ["id", "pair", "version", "state", "by", "waits for", "in force from"],
      all.map((one) => [
        one.id,
        one.pair,
        one.version,
        one.state,
        one.proposer,
        one.missing.join(" and ") || null,
        one.inForceFrom,
      ]),
    ),
  );
  return undefined;
}

type Signing = { keyFile: string; policy?: string; yes?: true; waiveDiff?: true };

/** What is signed is what came and was parsed here: not a hash that the platform tells. */
async function sign(
  context: Context,
  id: string,
  { keyFile: file, policy: expected, yes, waiveDiff }: Signing,
): Promise<number | undefined> {
  const client = await context.client();
  const { privateKey, publicKey } = await readPolicyKey(file);
  const own = (await collect(client.policies.keys())).find((one) => one.publicKey === publicKey);
  if (own === undefined) throw new UsageError(`${file} is not registered; see: suar policy-key register`);
  const { policy } = await client.policies.proposal(id);
  if (expected !== undefined && policyHash(await readPolicyFile(expected)) !== policyHash(policy))
    throw new UsageError(`the proposal is not the policy in ${expected}`);
  if (waiveDiff === undefined) await noteDiff(context, id);
  const question = `sign ${pairName(policy)} version ${policy.version}?`;
  if (yes !== true && !(await confirm(question, "--yes signs without asking"))) return EXIT.refused;
  context.terminal.note(
    `signing ${pairName(policy)} version ${policy.version}, sha256 ${policyHash(policy)}`,
  );
  const { signature } = signPolicy(policy, own.member, { privateKey, key: publicKey });
  const signed = await client.policies.sign(id, own.id, signature, { waiveDiff });
  await tell(context, signed);
  noteClosing(context, signed);
  return undefined;
}

async function tell(context: Context, proposal: PolicyProposal): Promise<undefined> {
  const { id, pair, version, state, missing, inForceFrom } = proposal;
  const waits = missing.length > 0 ? `, waits for ${missing.join(" and ")}` : "";
  const from = inForceFrom === null ? "" : `, in force from ${inForceFrom}`;
  await context.terminal.show(proposal, () => `${id} ${pair} version ${version}, ${state}${waits}${from}`);
  return undefined;
}
