import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { buffer } from "node:stream/consumers";
import type { Submission } from "@suar/contract";
import type { Command } from "commander";
import type { SuarClient } from "../../client.ts";
import { SuarError } from "../../error.ts";
import type { SubmitOptions } from "../../resources/submissions.ts";
import type { Source } from "../../upload.ts";
import { type LimitOptions, limitsOf, withLimits } from "../options/limit-options.ts";
import { cleanText } from "../shell/clean-text.ts";
import { type Context, report, run } from "../shell/context.ts";
import { EXIT, exitCodeOf, exitCodeOfProblem, UsageError } from "../shell/exit-codes.ts";
import { collectOutcome, showDryRun, showOutcome } from "./outcome.ts";

type Options = {
  tlp?: string;
  pap?: string;
  to?: string;
  expires?: string;
  format?: string;
  kind?: "incident";
  dryRun?: boolean;
  wait: boolean;
} & LimitOptions;

export function addSubmit(program: Command): void {
  withLimits(program.command("submit"))
    .description(
      "submit reports or indicators in any format: STIX 2.1, MISP, CSV, free text, Suar's incident report",
    )
    .argument("<files...>", "files, or - for standard input")
    .option(
      "--tlp <marking>",
      "marking for what the content leaves unmarked: clear, green, amber, amber+strict, red",
    )
    .option("--pap <marking>", "permissible actions: clear, green, amber, red")
    .option(
      "--to <codes>",
      "whom it is for, with commas: MY,TH,SG:power-grid,ASEAN; of red: person:ID,person:ID",
    )
    .option("--expires <date>", "from then on nobody but you sees it: 2027-01-02T03:04:05Z")
    .option("--format <name>", "the format, where detection should not decide")
    .option("--kind <kind>", "incident: read free text as an incident report")
    .option("--dry-run", "show what would be understood, lost, and received by whom; store nothing")
    .option("--no-wait", "return as soon as the platform holds the bytes")
    .addHelpText(
      "after",
      `
Examples:
  $ suar submit event.json --tlp green
  $ suar submit indicators.csv --tlp amber --to MY,TH
  $ suar submit - --tlp green --kind incident < mail.txt
  $ suar submit bundle.json --dry-run
  $ suar submit case.json --tlp amber --to MY --no-forward --purpose response --expires 2027-01-02T00:00:00Z
  $ suar submit report.json --tlp red --to person:ID    (suar contacts list tells whom)

Ends with 0 when everything was taken, with 5 when the platform refused a file or
rejected at least one record. With several files it goes on after a failing one.
Sending the same again is harmless: what was said before counts as unchanged.

Next: suar watch --after latest, or suar get ID`,
    )
    .action(run(submit));
}

async function submit(context: Context, files: string[], options: Options): Promise<number> {
  if (options.kind !== undefined && options.kind !== "incident")
    throw new UsageError("--kind knows incident only");
  limitsOf(options); // refused before any file is sent
  const client = await context.client();
  const signal = context.interruption();
  let worst: number = EXIT.ok;
  for (const file of files) {
    if (signal.aborted) break;
    const code = await submitOne(context, client, file, options, signal);
    if (worst === EXIT.ok) worst = code;
  }
  if (worst === EXIT.ok && options.dryRun !== true)
    context.terminal.next("suar watch --after latest, or suar log");
  return worst;
}

async function submitOne(
  context: Context,
  client: SuarClient,
  file: string,
  options: Options,
  signal: AbortSignal,
): Promise<number> {
  const { terminal } = context;
  const name = file === "-" ? "standard input" : basename(file);
  const bar = terminal.progress();
  const { dryRun, wait, tlp, pap, to, expires, format, kind } = options;
  const request: SubmitOptions = {
    ...withoutUndefined({ tlp, pap, to, expires, format, kind }),
    ...limitsOf(options),
    signal,
    onProgress: ({ sent, total }) => bar.update(`sending ${cleanText(name, 40)}`, sent, total, "bytes"),
  };
  try {
    const source = await sourceOf(file);
    if (dryRun === true) {
      const result = await client.submissions.dryRun(source, request);
      bar.clear();
      await showDryRun(terminal, file, result);
      return result.counts.rejected > 0 ? EXIT.refused : EXIT.ok;
    }
    const { id, status } = await client.submissions.submit(source, request);
    if (!wait) {
      bar.clear();
      await terminal.show({ file, id, status }, () => `${name}: ${id} ${status}`);
      return EXIT.ok;
    }
    const onProgress = ({ counts }: Submission) =>
      bar.update(
        `reading ${cleanText(name, 40)}`,
        handled(counts),
        counts.records,
        `of ${counts.records} records`,
      );
    const submission = await client.submissions.wait(id, { onProgress, signal });
    bar.clear();
    await showOutcome(terminal, file, await collectOutcome(client, submission));
    if (submission.status === "failed") return exitCodeOfProblem(submission.problem?.code ?? "internal");
    return submission.counts.rejected > 0 ? EXIT.refused : EXIT.ok;
  } catch (error) {
    bar.clear();
    if (signal.aborted) return EXIT.interrupted;
    const told =
      error instanceof Error && !(error instanceof SuarError)
        ? new UsageError(`${file}: ${error.message}`)
        : error;
    if (terminal.json && told instanceof SuarError)
      await terminal.printJson({ file, error: { code: told.code, detail: told.message } });
    else {
      terminal.note(`${name}:`);
      report(told, terminal.json);
    }
    return exitCodeOf(told);
  }
}

async function sourceOf(file: string): Promise<Source> {
  // Standard input can be read once only, and a retry needs it again.
  if (file === "-") return { content: await buffer(process.stdin) };
  if (!(await stat(file)).isFile()) throw new UsageError("it is no file");
  return { file };
}

function handled({ accepted, merged, unchanged, rejected }: Submission["counts"]): number {
  return accepted + merged + unchanged + rejected;
}

function withoutUndefined<T extends Record<string, unknown>>(
  values: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
