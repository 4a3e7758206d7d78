import type { VerifiedReceipt } from "@suar/merkle";
import type { Command } from "commander";
import { SuarError } from "../../error.ts";
import { compareCheckpoints, type Evidence } from "../proofs/compare-checkpoints.ts";
import { compareItem } from "../proofs/compare-item.ts";
import { conclude, EXITS, POLICY, seconds } from "../proofs/conclude.ts";
import type { CountedIndividuals } from "../proofs/count-individuals.ts";
import { fetchReceipts } from "../proofs/fetch-proofs.ts";
import type { Finding } from "../proofs/findings.ts";
import type { KeptItem } from "../proofs/item-files.ts";
import { readDelivered } from "../proofs/read-delivered.ts";
import { checkReceipt } from "../proofs/receipt-book.ts";
import { type Counts, type Folders, reconcileFolders } from "../proofs/reconcile-folders.ts";
import { tileFolder } from "../proofs/tile-folder.ts";
import { readPolicy, readPolicyOr } from "../proofs/witness-policy-file.ts";
import { cleanText } from "../shell/clean-text.ts";
import { type Context, run } from "../shell/context.ts";
import { EXIT, UsageError } from "../shell/exit-codes.ts";
import { writeAtomically } from "../shell/profiles.ts";
import { readText } from "../shell/read-text.ts";
import { addVerifyPolicies } from "./verify-policies.ts";
import { addVerifyWords } from "./verify-words.ts";

/** The member's own check of what it was sent, and by what: offline, but for `fetch` and `policies`. */
export function addVerifyCommands(program: Command): void {
  const verify = program
    .command("verify")
    .description("check, offline, that what you were sent is in a log that the members witness");
  addReceipt(verify);
  addConsistency(verify);
  addReconcile(verify);
  addFetch(verify);
  addVerifyPolicies(verify);
  addVerifyWords(verify);
}

function addReceipt(verify: Command): void {
  verify
    .command("receipt")
    .description("check one receipt, and that an item is the one that it shows")
    .argument("<file>", "the receipt")
    .option("--record <file>", "the item as it was delivered")
    .option("--organisation <code>", "your organisation, which it must show to be a recipient")
    .option("--policy <file>", POLICY)
    .addHelpText("after", `\nExample:\n  $ suar verify receipt 17.json --record item.json\n${EXITS}`)
    .action(run(verifyOne));
}

function addConsistency(verify: Command): void {
  verify
    .command("consistency")
    .description("check that the log of a checkpoint begins with the log of an earlier one")
    .argument("<earlier>", "a signed checkpoint")
    .argument("<later>", "a signed checkpoint")
    .option("--proof <file>", '{"proof": [hashes in Base64]}, as GET /v1/tlog/consistency answers')
    .option("--tiles <folder>", "or tiles, under their paths: tile/0/000, …")
    .option("--policy <file>", POLICY)
    .addHelpText(
      "after",
      `\nExample:\n  $ suar verify consistency monday.txt friday.txt --tiles tiles\n${EXITS}`,
    )
    .action(run(verifyConsistent));
}

function addReconcile(verify: Command): void {
  verify
    .command("reconcile")
    .description("set everything that was delivered beside all receipts")
    .requiredOption(
      "--inbox <folder>",
      "what was delivered, by any channel: suar log --json, webhooks' messages, saved streams, TAXII envelopes, answers of /v1/objects, STIX bundles",
    )
    .requiredOption("--receipts <folder>", "receipts: .json, and .ndjson with one a line")
    .option("--organisation <code>", "to whom all of it has to have gone (default: whose key you use)")
    .option("--tiles <folder>", "tiles, to hold all checkpoints against one tree")
    .option(
      "--told <folder>",
      "what the platform tells now: suar deliveries, suar receipts of all that is yours, suar individuals, with --json",
    )
    .option("--kept <folder>", "with --told: the same, as it was told before")
    .option("--policy <file>", POLICY)
    .addHelpText(
      "after",
      `
Example:
  $ suar log --all --json > inbox/log.ndjson
  $ suar verify fetch --inbox inbox --receipts receipts
  $ suar verify reconcile --inbox inbox --receipts receipts
${EXITS}`,
    )
    .action(run(reconcile));
}

function addFetch(verify: Command): void {
  verify
    .command("fetch")
    .description(
      "fetch the receipts that are missing or wait for witnesses, or the policy that the platform proposes",
    )
    .option("--inbox <folder>", "items whose receipts are wanted")
    .option("--sent <id...>", "objects of yours, or all: of whatever went out of them, to whomever")
    .option("--receipts <folder>", "where they go, a file each")
    .option(
      "--witnesses <file>",
      "whose cosignatures they wait for (default: witnesses.json beside the profiles, else what the platform proposes)",
    )
    .option(
      "--policy <file>",
      "where the proposed policy goes: compare it with other members' before you believe it",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  $ suar verify fetch --inbox inbox --receipts receipts\n  $ suar verify fetch --sent indicator--0a1b… --receipts receipts\n\nNext: suar verify reconcile",
    )
    .action(run(fetchProofs));
}

type ReceiptOptions = { record?: string; organisation?: string; policy?: string };

async function verifyOne(context: Context, file: string, options: ReceiptOptions): Promise<number> {
  const policy = await readPolicy(options.policy);
  const record = options.record === undefined ? undefined : await readRecord(options.record);
  const checked = checkReceipt(await readText(file), file, {
    policy,
    organisation: options.organisation,
    now: seconds(),
  });
  if ("finding" in checked) return await conclude(context, [checked.finding], {}, "");
  const { verified } = checked;
  if (record === undefined) context.terminal.note("no --record was given: no body was compared");
  if (options.organisation === undefined)
    context.terminal.note("no --organisation was given: that it went to yours was not checked");
  const findings = record === undefined ? [] : compareItem(record, verified);
  return await conclude(context, findings, shownBy(verified), describeReceipt(verified));
}

async function readRecord(file: string): Promise<KeptItem> {
  const [first, ...others] = readDelivered(await readText(file), file);
  if (first === undefined || !("item" in first) || others.length > 0)
    throw new UsageError(`${file} is not one item of the log`);
  return first;
}

function shownBy({ head, sent, originator, recipient, members, values, checkpoint }: VerifiedReceipt) {
  const { origin, size } = checkpoint;
  return { ...head, sent, originator, recipient, values, checkpoint: { origin, size }, witnesses: members };
}

function describeReceipt({
  head,
  sent,
  originator,
  recipient,
  members,
  checkpoint,
}: VerifiedReceipt): string {
  const went = recipient === undefined ? "" : `, shown to have gone to ${cleanText(recipient)}`;
  return [
    `entry ${head.seq} of ${cleanText(head.origin)}, ${head.kind} at ${head.loggedAt}`,
    `  ${cleanText(sent.type)} ${cleanText(sent.id)}, TLP:${cleanText(sent.tlp.toUpperCase())}, of ${cleanText(originator ?? "somebody")}${went}`,
    `  in the log of ${checkpoint.size} entries that ${members.join(", ") || "nobody"} cosigned`,
  ].join("\n");
}

type ConsistencyOptions = { proof?: string; tiles?: string; policy?: string };

async function verifyConsistent(
  context: Context,
  earlier: string,
  later: string,
  options: ConsistencyOptions,
): Promise<number> {
  const policy = await readPolicy(options.policy);
  const [old, young] = [
    { place: earlier, text: await readText(earlier) },
    { place: later, text: await readText(later) },
  ];
  const { findings, sizes } = await compareCheckpoints(old, young, policy, await evidenceOf(options));
  const holds = findings.length === 0 && sizes !== undefined;
  const text = holds ? `the log of ${sizes.later} entries begins with the log of ${sizes.earlier}` : "";
  return await conclude(context, findings, sizes ?? {}, text);
}

async function evidenceOf({ proof, tiles }: ConsistencyOptions): Promise<Evidence | undefined> {
  if (proof !== undefined && tiles !== undefined) throw new UsageError("give one of --proof and --tiles");
  if (proof !== undefined) return { proof: await readText(proof) };
  return tiles === undefined ? undefined : { readTile: tileFolder(tiles) };
}

type ReconcileOptions = Folders & { policy?: string; organisation?: string };

async function reconcile(context: Context, options: ReconcileOptions): Promise<number> {
  if (options.kept !== undefined && options.told === undefined)
    throw new UsageError("--kept is held against --told");
  const policy = await readPolicy(options.policy);
  const organisation = options.organisation ?? (await ownOrganisation(context));
  const { findings, counts } = await reconcileFolders(options, { policy, organisation, now: seconds() });
  const { again, waiting, checkpoints } = counts;
  if (waiting > 0) context.terminal.note(waitingNote(waiting));
  if (again > 0)
    context.terminal.note(
      `${again} ${again === 1 ? "entry was" : "entries were"} not delivered when logged: the very same came later, under another number`,
    );
  if (options.tiles === undefined && checkpoints > 1)
    context.terminal.note(
      `${checkpoints} checkpoints were compared where receipts overlap; --tiles compares all`,
    );
  const text = [countsText(counts, cleanText(organisation), findings), ...counts.individuals.map(toldOf)];
  return await conclude(context, findings, { ...counts, organisation }, text.join("\n"));
}

/** Where all of it waits nothing is counted, which says nothing by itself: what waits, and for what. */
function countsText(
  { items, receipts, waiting, checkpoints }: Counts,
  organisation: string,
  findings: readonly Finding[],
): string {
  if (waiting === 0)
    return `${items} items and ${receipts} receipts for ${organisation}, under ${checkpoints} checkpoints`;
  const lacking = findings.findLast(({ code }) => code === "too-few-witnesses")?.message ?? "";
  const theirs = waiting === 1 ? "1 receipt waits" : `${waiting} receipts wait`;
  return [
    `${items} items for ${organisation}`,
    `${theirs} until witnesses of your policy have cosigned their checkpoint (${cleanText(lacking, 400)})`,
    `${receipts} ${receipts === 1 ? "holds" : "hold"}, under ${checkpoints} checkpoints`,
  ].join("; ");
}

function toldOf({ exporter, importer, year, individuals }: CountedIndividuals): string {
  return `    ${individuals} individuals told of from ${cleanText(exporter)} to ${cleanText(importer)} in ${year}`;
}

function waitingNote(count: number): string {
  return `${count} ${count === 1 ? "receipt waits" : "receipts wait"} for witnesses: nothing is wrong with that yet; suar verify fetch asks again`;
}

/** A receipt holds for any reader of its entry: that it went to one's own organisation is shown only if that is said. */
async function ownOrganisation(context: Context): Promise<string> {
  const wanted = "give --organisation: without it nobody knows to whom all of it has to have gone";
  try {
    const { organisation } = await (await context.client()).identity.whoAmI();
    if (organisation !== null) return organisation;
  } catch (cause) {
    if (!(cause instanceof SuarError)) throw cause;
    throw new UsageError(`${wanted}, and the platform cannot be asked (${cause.message})`, { cause });
  }
  throw new UsageError(wanted);
}

type FetchOptions = {
  inbox?: string;
  sent?: string[];
  receipts?: string;
  witnesses?: string;
  policy?: string;
};

async function fetchProofs(context: Context, options: FetchOptions): Promise<number> {
  const { inbox, sent = [], receipts, policy } = options;
  const isWanted = inbox !== undefined || sent.length > 0;
  if (isWanted !== (receipts !== undefined) || !(isWanted || policy !== undefined))
    throw new UsageError("give --inbox or --sent with --receipts, or --policy");
  const client = await context.client();
  if (policy !== undefined) {
    await writeAtomically(policy, `${JSON.stringify(await client.tlog.policy(), null, 2)}\n`);
    context.terminal.note(
      `wrote ${policy}: it is what the platform says of itself; compare its keys with other members'`,
    );
  }
  if (receipts === undefined) return EXIT.ok;
  const believed = await readPolicyOr(options.witnesses, async () => await client.tlog.policy());
  const by = { policy: believed, now: seconds(), opened: new Map() };
  const { findings, ...counts } = await fetchReceipts(client, { inbox, sent }, receipts, by);
  if (counts.waiting > 0) context.terminal.note(waitingNote(counts.waiting));
  const text = `${counts.fetched} receipts fetched, ${counts.held} were there`;
  return await conclude(context, findings, counts, text);
}
