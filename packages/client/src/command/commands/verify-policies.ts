import { PolicyKey, type ProposalDocument } from "@suar/contract";
import { type KeysOf, PolicyIndex, policySet } from "@suar/policy";
import type { Command } from "commander";
import { z } from "zod";
import type { SuarClient } from "../../client.ts";
import { cleanText } from "../clean-text.ts";
import { collect } from "../collect.ts";
import { type Context, run } from "../context.ts";
import { EXIT, UsageError } from "../exit-codes.ts";
import { checkPolicy, missingPairs, type PolicyFinding, type ToldPolicy } from "../proofs/check-policies.ts";
import { readText } from "../read-text.ts";

const Keys = z.array(PolicyKey.pick({ member: true, publicKey: true }));

type Options = { keys?: string; shipped?: string };

/** What the platform decides by, held against the members' own signatures: its operator signs nothing. */
export function addVerifyPolicies(verify: Command): void {
  verify
    .command("policies")
    .description("check that every policy in force is what its members signed, or what ships")
    .option(
      "--keys <file>",
      "the members' keys as you know them: what `suar policy-key list --json` told once",
    )
    .option("--shipped <file>", "what ships: seeds/policy/index.json of the release that you know")
    .addHelpText(
      "after",
      `
Example:
  $ suar policy-key list --json > keys.json      # once; compare it with each member over another way
  $ suar verify policies --keys keys.json --shipped seeds/policy/index.json

It ends with the hash of the whole set, which receipts of this moment have as policyHash.
Exit codes: 0 all of it holds, 1 something does not, 2 a file cannot be used.`,
    )
    .action(run(verifyPolicies));
}

async function verifyPolicies(context: Context, options: Options): Promise<number> {
  const keysOf = options.keys === undefined ? undefined : keysIn(await read(options.keys, Keys));
  const shipped = options.shipped === undefined ? undefined : await read(options.shipped, PolicyIndex);
  const client = await context.client();
  const all = await collect(client.policies.list());
  const bar = context.terminal.progress();
  const told: ToldPolicy[] = [];
  for (const { pair } of all) {
    told.push(await toldPolicy(client, pair));
    bar.update("policies", told.length, all.length);
  }
  bar.clear();
  const beliefs = { keysOf, shipped };
  const findings = [
    ...missingPairs(told, beliefs),
    ...told.flatMap((one) => checkPolicy(one, beliefs) ?? []),
  ];
  const unchecked = told.filter(
    ({ standing }) => (standing === "signed" ? keysOf : shipped) === undefined,
  ).length;
  const set = policySet(told).hash;
  const said = { policies: told.length, unchecked, set, findings };
  await context.terminal.show(said, () => described(said));
  return findings.length === 0 ? EXIT.ok : EXIT.failure;
}

async function toldPolicy(client: SuarClient, pair: string): Promise<ToldPolicy> {
  const found = await client.policies.get(pair);
  const proposal: ProposalDocument | undefined =
    found.proposal === null ? undefined : await client.policies.proposal(found.proposal);
  return { ...found, signatures: proposal?.signatures ?? [] };
}

function keysIn(keys: z.infer<typeof Keys>): KeysOf {
  return (member) => keys.filter((key) => key.member === member).map(({ publicKey }) => publicKey);
}

async function read<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.infer<Schema>> {
  const parsed = schema.safeParse(jsonOf(await readText(file), file));
  if (!parsed.success) throw new UsageError(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${file} is no JSON`, { cause });
  }
}

type Said = { policies: number; unchecked: number; set: string; findings: readonly PolicyFinding[] };

function described({ policies, unchecked, set, findings }: Said): string {
  return [
    ...findings.map(({ pair, why }) => `${cleanText(pair)}: ${cleanText(why)}`),
    `${policies} policies in force, ${findings.length} of them not what was agreed`,
    ...(unchecked > 0 ? [`${unchecked} were not checked: give --keys and --shipped`] : []),
    `the set's hash is ${set}`,
  ].join("\n");
}
