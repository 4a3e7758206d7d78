import { join } from "node:path";
import { PolicyKey, type ProposalDocument } from "@suar/contract";
import { type KeysOf, PolicyIndex, policySetHash } from "@suar/policy";
import type { Command } from "commander";
import { z } from "zod";
import type { SuarClient } from "../../client.ts";
import {
  type Beliefs,
  checkPolicy,
  missingPairs,
  type PolicyFinding,
  type ToldPolicy,
} from "../proofs/check-policies.ts";
import { describeFinding } from "../proofs/findings.ts";
import { ClosedSets, type PolicyHistory, readHistory, setsInForce } from "../proofs/policy-history.ts";
import { type CheckedReceipts, checkReceiptPolicies } from "../proofs/receipt-policies.ts";
import { checkSeen, nowSeen, readSeen, writeSeen } from "../proofs/seen-policies.ts";
import { cleanText } from "../shell/clean-text.ts";
import { collect } from "../shell/collect.ts";
import { type Context, run } from "../shell/context.ts";
import { EXIT, UsageError } from "../shell/exit-codes.ts";
import { configFolder } from "../shell/profiles.ts";
import { readText } from "../shell/read-text.ts";

const Keys = z.array(PolicyKey.pick({ member: true, publicKey: true }));

/** Policies that are asked for side by side. */
const AT_ONCE = 4;

type Options = { keys?: string; shipped?: string[]; receipts?: string; state?: string };

/** What the platform decides by, held against the members' own signatures: its operator signs nothing. */
export function addVerifyPolicies(verify: Command): void {
  verify
    .command("policies")
    .description(
      "check that every policy in force is what its members signed, or what ships, and none an older one",
    )
    .option(
      "--keys <file>",
      "the members' keys as you know them: what `suar policy-key list --json` told once",
    )
    .option("--shipped <files...>", "what ships: seeds/policy/index.json of each release that you know")
    .option("--receipts <folder>", "your receipts: whether each was decided under what was in force then")
    .option(
      "--state <file>",
      "the latest versions that you have seen (default: policies.json beside the profiles)",
    )
    .addHelpText(
      "after",
      `
Example:
  $ suar policy-key list --json > keys.json      # once; compare it with each member over another way
  $ suar verify policies --keys keys.json --shipped seeds/policy/index.json --receipts receipts

It ends with the hash of the whole set, which receipts of this moment have as policyHash.
Exit codes: 0 all of it holds, 1 something does not, 2 a file cannot be used.`,
    )
    .action(run(verifyPolicies));
}

async function verifyPolicies(context: Context, options: Options): Promise<number> {
  const beliefs = await readBeliefs(options);
  const client = await context.client();
  const told = await allTold(context, client);
  const history = new History(client, beliefs);
  const findings = [
    ...missingPairs(told, beliefs),
    ...told.flatMap((one) => checkPolicy(one, beliefs) ?? []),
  ];
  findings.push(...(await checkRollback(context, options, told, findings, history)));
  const receipts = await checkReceipts(options, beliefs, history);
  findings.push(...history.findings);
  const said = { policies: told.length, unchecked: uncheckedOf(told, beliefs), set: setOf(told), findings };
  const shown = receipts === undefined ? said : { ...said, receipts };
  await context.terminal.show(shown, () => described(shown));
  return findings.length + (receipts?.findings.length ?? 0) === 0 ? EXIT.ok : EXIT.failure;
}

async function readBeliefs({ keys, shipped = [], receipts }: Options): Promise<Beliefs> {
  if (receipts !== undefined && shipped.length === 0)
    throw new UsageError("--receipts needs --shipped: what is decided stands on what ships, too");
  return {
    keysOf: keys === undefined ? undefined : keysIn(await read(keys, Keys)),
    shipped: await Promise.all(shipped.map(async (file) => await read(file, PolicyIndex))),
  };
}

async function allTold(context: Context, client: SuarClient): Promise<ToldPolicy[]> {
  const all = await collect(client.policies.list());
  const bar = context.terminal.progress();
  const told: ToldPolicy[] = [];
  for (let at = 0; at < all.length; at += AT_ONCE) {
    const some = all.slice(at, at + AT_ONCE);
    told.push(...(await Promise.all(some.map(async ({ pair }) => await toldPolicy(client, pair)))));
    bar.update("policies", told.length, all.length);
  }
  bar.clear();
  return told;
}

async function toldPolicy(client: SuarClient, pair: string): Promise<ToldPolicy> {
  const found = await client.policies.get(pair);
  const isSigned = found.policy !== null && found.proposal !== null;
  const proposal: ProposalDocument | undefined = isSigned
    ? await client.policies.proposal(found.proposal ?? "")
    : undefined;
  return { ...found, signatures: proposal?.signatures ?? [] };
}

/** Asked for once, and only where something needs it. */
class History {
  readonly #read: () => Promise<PolicyHistory>;
  #held: PolicyHistory | undefined;

  constructor(client: SuarClient, { keysOf }: Beliefs) {
    this.#read = async () => await readHistory(client, keysOf);
  }

  async versions(): Promise<PolicyHistory["versions"]> {
    this.#held ??= await this.#read();
    return this.#held.versions;
  }

  get findings(): readonly PolicyFinding[] {
    return this.#held?.findings ?? [];
  }
}

/** Against what was in force when the caller looked last; what holds is kept for the next time. */
async function checkRollback(
  context: Context,
  { state = join(configFolder(), "policies.json") }: Options,
  told: readonly ToldPolicy[],
  doubted: readonly PolicyFinding[],
  history: History,
): Promise<PolicyFinding[]> {
  const [platforms, url] = [await readSeen(state), await context.url()];
  const seen = platforms[url] ?? {};
  const versionOf = async (pair: string, version: number) =>
    (await history.versions()).find((one) => one.pair === pair && one.version === version);
  const findings: PolicyFinding[] = [];
  for (const one of told) {
    const finding = await checkSeen(one, seen, versionOf);
    if (finding !== undefined) findings.push(finding);
  }
  await writeSeen(state, { ...platforms, [url]: nowSeen(seen, told, [...doubted, ...findings]) });
  return findings;
}

async function checkReceipts(
  { receipts }: Options,
  { shipped }: Beliefs,
  history: History,
): Promise<CheckedReceipts | undefined> {
  if (receipts === undefined) return undefined;
  const versions = await history.versions();
  return await checkReceiptPolicies(receipts, {
    whole: setsInForce(shipped, versions),
    closed: new ClosedSets(shipped, versions),
  });
}

function uncheckedOf(told: readonly ToldPolicy[], { keysOf, shipped }: Beliefs): number {
  const isUnchecked = { signed: keysOf === undefined, shipped: shipped.length === 0, unverified: false };
  return told.filter(({ standing }) => isUnchecked[standing]).length;
}

/** What receipts of this moment commit to: a pair that is closed has no part in it. */
function setOf(told: readonly ToldPolicy[]): string {
  const inForce = told.filter(({ policy }) => policy !== null);
  return policySetHash(Object.fromEntries(inForce.map(({ pair, hash }) => [pair, hash])));
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

type Said = {
  policies: number;
  unchecked: number;
  set: string;
  findings: readonly PolicyFinding[];
  receipts?: CheckedReceipts;
};

function described({ policies, unchecked, set, findings, receipts }: Said): string {
  return [
    ...findings.map(({ pair, why }) => `${cleanText(pair)}: ${cleanText(why)}`),
    ...(receipts?.findings ?? []).map(describeFinding),
    `${policies} policies in force, ${findings.length} findings`,
    ...(unchecked > 0 ? [`${unchecked} were not checked: give --keys and --shipped`] : []),
    ...(receipts === undefined ? [] : [`${receipts.receipts} receipts, by the policies of their time`]),
    ...(receipts === undefined || receipts.closed === 0
      ? []
      : [`${receipts.closed} of them from when a pair was closed, since its policy did not verify`]),
    ...(receipts === undefined || receipts.unchecked === 0
      ? []
      : [
          `${receipts.unchecked} of them were not checked: they name no whole set, and there are too many with pairs closed`,
        ]),
    `the set's hash is ${set}`,
  ].join("\n");
}
