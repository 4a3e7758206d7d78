import type { SightingReports, SightingType } from "@suar/contract";
import { isStixId } from "@suar/stix";
import type { Command } from "commander";
import { wholeNumber } from "../options/number-option.ts";
import { cleanText } from "../shell/clean-text.ts";
import { type Context, run } from "../shell/context.ts";
import { UsageError } from "../shell/exit-codes.ts";
import { table } from "../shell/terminal.ts";
import { showDryRun } from "./outcome.ts";

type Options = {
  tlp?: string;
  pap?: string;
  to?: string;
  not?: boolean;
  expired?: boolean;
  count?: number;
  first?: string;
  last?: string;
  description?: string;
  dryRun?: boolean;
};

export function addSight(program: Command): void {
  program
    .command("sight")
    .description("say that you saw indicators, by id or by value; or that you did not, or that they are over")
    .argument(
      "<what...>",
      "STIX ids, or values (defanged is fine), of which each indicator that you may see is meant",
    )
    .option("--tlp <marking>", "marking of what you say: clear, green, amber, amber+strict")
    .option("--pap <marking>", "permissible actions: clear, green, amber, red")
    .option("--to <codes>", "whom it is for; else the community, and of AMBER whoever stated it")
    .option("--not", "you looked and did not see it, or it is a false positive")
    .option("--expired", "it is over, from --last on")
    .option("--count <n>", "how often you saw it", wholeNumber(1, 999_999_999))
    .option("--first <time>", "when first: 2027-01-02T03:04:05Z")
    .option("--last <time>", "when last; else now")
    .option("--description <text>", "what there is to say of it")
    .option("--dry-run", "show who would receive it; store nothing")
    .addHelpText(
      "after",
      "\nExamples:\n  $ suar sight 198.51.100[.]7 --tlp green --count 12\n  $ suar sight evil.example --tlp green --not\n  $ suar sight indicator--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701 --tlp amber --expired\n\nNext: suar get ID tells who saw it, as far as you may know",
    )
    .action(run(sight));
}

async function sight(context: Context, what: string[], options: Options): Promise<undefined> {
  const client = await context.client();
  const { terminal } = context;
  const reports = reportsOf(what, options);
  if (options.dryRun === true) {
    const { previews } = await client.sightings.preview(reports);
    for (const one of previews) await showDryRun(terminal, "sightings", one);
    return undefined;
  }
  const done = await client.sightings.report(reports);
  await terminal.show(done, () =>
    table(
      ["sighting", "of", "submission"],
      done.sightings.map(({ id, of, submission }) => [id, cleanText(of), submission]),
    ),
  );
  terminal.next(`suar get ${done.sightings[0]?.of ?? "ID"}`);
  return undefined;
}

function reportsOf(what: readonly string[], options: Options): SightingReports {
  const { tlp, pap, to, count, first, last, description } = options;
  if (tlp === undefined) throw new UsageError("--tlp is needed: clear, green, amber or amber+strict");
  const said = {
    type: typeOf(options),
    ...(count !== undefined && { count }),
    ...(first !== undefined && { firstSeen: first }),
    ...(last !== undefined && { lastSeen: last }),
    ...(description !== undefined && { description }),
  };
  const sightings = what.map((one) =>
    isStixId(one.toLowerCase()) ? { ...said, of: one } : { ...said, value: one },
  );
  return { tlp, ...(pap !== undefined && { pap }), ...(to !== undefined && { to }), sightings };
}

function typeOf({ not: isNot, expired }: Options): SightingType {
  if (isNot === true && expired === true) throw new UsageError("either --not or --expired");
  return expired === true ? "expiration" : isNot === true ? "negative" : "positive";
}
