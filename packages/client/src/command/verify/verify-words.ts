import type { Command } from "commander";
import { backWords } from "../proofs/back-words.ts";
import { compareWords } from "../proofs/compare-words.ts";
import { conclude, EXITS, POLICY, seconds } from "../proofs/conclude.ts";
import { readReceipts } from "../proofs/reconcile-folders.ts";
import { readPolicy } from "../proofs/witness-policy-file.ts";
import { readWords } from "../proofs/word-files.ts";
import { type Context, run } from "../shell/context.ts";
import { UsageError } from "../shell/exit-codes.ts";

/** What one's own people said (approvals, acknowledgements, agreements, markings), held against platform and log. */
export function addVerifyWords(verify: Command): void {
  verify
    .command("words")
    .description("check that the platform acts on what your own people said, and on nothing else")
    .requiredOption("--member <code>", "your member")
    .requiredOption(
      "--said <folder>",
      "answers that your people kept: suar approvals approve, recalls ack, agreements accept, marking, with --json",
    )
    .requiredOption("--told <folder>", "what the platform tells of it now")
    .requiredOption("--receipts <folder>", "receipts: .json, and .ndjson with one a line")
    .option("--policy <file>", POLICY)
    .addHelpText(
      "after",
      `
Example:
  $ suar approvals approve ID --json >> said/approvals.ndjson       # whenever somebody agrees
  $ suar approvals list --state all --json > told/approvals.json
  $ suar recalls --json > told/recalls.json
  $ suar verify words --member SG --said said --told told --receipts receipts
${EXITS}`,
    )
    .action(run(verifyWords));
}

type Options = { member: string; said: string; told: string; receipts: string; policy?: string };

async function verifyWords(context: Context, options: Options): Promise<number> {
  const { member } = options;
  if (!/^[A-Z]{2}$/.test(member)) throw new UsageError("--member is the code of a member, as SG");
  const book = await readReceipts(options.receipts, {
    policy: await readPolicy(options.policy),
    now: seconds(),
  });
  const said = await readWords(options.said);
  const told = await readWords(options.told);
  const both = { said: said.words, told: told.words, member };
  const findings = [
    ...book.findings,
    ...said.findings,
    ...told.findings,
    ...compareWords(both),
    ...backWords(book.all(), both),
  ];
  const counts = { said: countOf(said.words), told: countOf(told.words), receipts: book.size };
  const text = `${counts.said} words of ${member}, ${counts.told} as they are told, ${counts.receipts} receipts`;
  return await conclude(context, findings, counts, text);
}

function countOf(words: object): number {
  return Object.values(words).flat().length;
}
