import { WATCHED, type WatchList } from "@suar/contract";
import { assetText, parseAsset } from "@suar/stix";
import type { Command } from "commander";
import { SuarError } from "../../error.ts";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { UsageError } from "../shell/exit-codes.ts";
import { readText } from "../shell/read-text.ts";

type Options = { file?: string };
type Change = (before: readonly string[], given: readonly string[]) => string[];

const TRIES = 5;

/** What one's organisation watches: what `@watch` in a filter stands for. */
export function addWatchLists(watch: Command): void {
  change(watch, "set", "watch these and nothing else", (_before, given) => [...given]);
  change(watch, "add", "watch these, too", (before, given) => [...before, ...given]);
  change(watch, "remove", "watch these no more", (before, given) => {
    const gone = new Set(given.map(spelled));
    return before.filter((value) => !gone.has(value));
  });
  describe(
    watch.command("list"),
    "list what your organisation watches, one a line",
    "suar watch list",
    `suar watch --values ${WATCHED}`,
  ).action(run(async (context) => await show(context, await (await context.client()).watchList.get())));
}

function change(watch: Command, name: string, description: string, how: Change): void {
  describe(
    watch
      .command(name)
      .argument("[values...]", "AS numbers, addresses, CIDRs, domains, CPE names")
      .option("--file <file>", "read them from a file, one a line; lines with # before them are passed over"),
    description,
    `suar watch ${name} AS64496 192.0.2.0/24 bank.example "cpe:2.3:o:example:router_os:*:*:*:*:*:*:*:*"`,
    `suar watch --values ${WATCHED}, or suar alert-rules add NAME --values ${WATCHED}`,
  ).action(
    run(async (context, values: string[], options: Options) => {
      const given = [...values, ...(await linesOf(options.file))];
      if (given.length === 0 && options.file === undefined) throw new UsageError("say which, or --file");
      return await show(context, await replaced(context, given, how));
    }),
  );
}

/** Where somebody else changed it meanwhile, the change is made to what they left. */
async function replaced(context: Context, given: readonly string[], how: Change): Promise<WatchList> {
  const { watchList } = await context.client();
  for (let tries = 1; ; tries++) {
    const { values, version } = await watchList.get();
    try {
      return await watchList.set(version, how(values, given));
    } catch (error) {
      const isLate = error instanceof SuarError && error.code === "edited-meanwhile";
      if (!isLate || tries === TRIES) throw error;
    }
  }
}

async function linesOf(file: string | undefined): Promise<string[]> {
  if (file === undefined) return [];
  const lines = (await readText(file)).split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}

/** As the platform spells it. */
function spelled(raw: string): string {
  const read = parseAsset(raw);
  if (!read.ok) throw new UsageError(`${raw}: ${read.message}`);
  return assetText(read.asset);
}

async function show({ terminal }: Context, list: WatchList): Promise<undefined> {
  await terminal.show(list, () => list.values.join("\n"));
  terminal.note(`${list.values.length} watched, as of version ${list.version}`);
  return undefined;
}
