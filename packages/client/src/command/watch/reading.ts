import { parseCursor, type SearchHit } from "@suar/contract";
import type { Command } from "commander";
import { filterOf, withFilter } from "../options/filter-options.ts";
import { wholeNumber } from "../options/number-option.ts";
import { cleanJson, cleanText } from "../shell/clean-text.ts";
import { type Context, run } from "../shell/context.ts";
import { table } from "../shell/terminal.ts";
import { describeItem, describeObject } from "./describe-item.ts";
import { describeLife, describeSightings } from "./describe-life.ts";

export function addReadingCommands(program: Command): void {
  const log = program
    .command("log")
    .description("read the log: everything released to you, in order")
    .option("--after <place>", "0, latest or a cursor", "0")
    .option("--limit <n>", "items on a page, at most 1000", wholeNumber(1, 1_000), 100)
    .option("--all", "read on to the end");
  withFilter(log)
    .addHelpText(
      "after",
      "\nExamples:\n  $ suar log --types incident\n  $ suar log --all --json > log.ndjson\n\nNext: suar get ID; suar watch --after CURSOR goes on live",
    )
    .action(run(readLog));
  program
    .command("get")
    .description("show what each producer states about an id")
    .argument("<id>", "STIX id")
    .addHelpText(
      "after",
      "\nExample:\n  $ suar get indicator--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701 --json\n\nNext: suar search VALUE",
    )
    .action(run(getObject));
  program
    .command("search")
    .description("look up a value (defanged is fine) or words, among what you may see")
    .argument("<query...>", "hxxp://bad[.]example/, an address, a hash, a CVE, or words")
    .option("--type <type>", "one STIX type")
    .option("--limit <n>", "hits on a page, at most 200", wholeNumber(1, 200))
    .option("--after <place>", "go on where the page before ended")
    .addHelpText("after", "\nExample:\n  $ suar search 192.0.2[.]10\n\nNext: suar get ID")
    .action(run(search));
  program
    .command("withdraw")
    .description("take back what your organisation stated about an id; everyone who was sent it is told")
    .argument("<id>", "STIX id")
    .option("--reason <text>", "why")
    .option("--within <minutes>", "until when receivers are to acknowledge it", wholeNumber(15, 43_200))
    .addHelpText(
      "after",
      '\nExample:\n  $ suar withdraw indicator--… --reason "false positive"\n\nNext: suar recalls show RECALL',
    )
    .action(run(withdraw));
}

async function readLog(
  context: Context,
  options: { after: string; limit: number; all?: boolean } & Record<string, unknown>,
): Promise<undefined> {
  const { terminal } = context;
  const client = await context.client();
  const filter = filterOf(options);
  let after = options.after;
  for (;;) {
    const page = await client.log.page({ after, filter, limit: options.limit });
    for (const item of page.items) await terminal.show(item, () => describeItem(item));
    const atEnd = page.next === after || (parseCursor(page.next)?.seq ?? page.head) >= page.head;
    after = page.next;
    if (options.all !== true || atEnd) {
      terminal.note(`-- ${atEnd ? "the end" : "more"}; go on with --after ${after}`);
      return undefined;
    }
  }
}

async function getObject(context: Context, id: string): Promise<undefined> {
  const client = await context.client();
  const found = await client.objects.get(id);
  await context.terminal.show(found, () =>
    [
      ...found.assertions.map(
        ({ producer, tlp, seq, at, withdrawn, object, life }) =>
          `${producer} states, ${tlp.toUpperCase()}, #${seq} of ${at}${withdrawn ? ", withdrawn" : ""}${life === undefined ? "" : `, ${describeLife(life)}`}:\n${cleanJson(object)}`,
      ),
      describeSightings(found.sightings) || "nobody of whom you may know saw it",
      `also reported by ${found.alsoReportedBy} other members that you may see`,
    ].join("\n"),
  );
  return undefined;
}

async function search(
  context: Context,
  words: string[],
  options: { type?: string; after?: string; limit?: number },
): Promise<undefined> {
  const client = await context.client();
  const found = await client.objects.search(words.join(" "), options);
  const row = (hit: SearchHit) => [
    hit.at.slice(0, 19),
    hit.producer,
    hit.tlp,
    describeObject(hit.object),
    hit.life === undefined ? "" : describeLife(hit.life),
    describeSightings(hit.sightings),
    hit.alsoReportedBy,
    hit.object.id,
  ];
  await context.terminal.show(found, () => {
    const understood =
      found.understood === null ? "words" : `${found.understood.kind} ${cleanText(found.understood.value)}`;
    if (found.items.length === 0) return `nothing that you may see (looked for ${understood})`;
    return `looked for ${understood}\n${table(["at", "producer", "tlp", "what", "life", "sightings", "also by", "id"], found.items.map(row))}`;
  });
  if (found.next !== undefined) context.terminal.note(`-- more; go on with --after ${found.next}`);
  return undefined;
}

async function withdraw(
  context: Context,
  id: string,
  { reason, within: acknowledgeWithin }: { reason?: string; within?: number },
): Promise<undefined> {
  const client = await context.client();
  const done = await client.objects.withdraw(id, { reason, acknowledgeWithin });
  await context.terminal.show(
    done,
    () => `withdrawn ${done.id} at ${done.withdrawnAt} (${done.versions} versions), recall ${done.recall}`,
  );
  context.terminal.next(`suar recalls show ${done.recall}`);
  return undefined;
}
