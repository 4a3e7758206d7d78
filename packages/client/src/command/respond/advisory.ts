import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { AdvisoryDraft } from "@suar/contract";
import type { Command } from "commander";
import { collect, listOf } from "../shell/collect.ts";
import { type Context, run } from "../shell/context.ts";
import { UsageError } from "../shell/exit-codes.ts";
import { table } from "../shell/terminal.ts";

type Options = {
  title?: string;
  tlp?: string;
  severity?: string;
  to?: string;
  labels?: string;
  references?: string;
};

export function addAdvisoryCommands(program: Command): void {
  const advisory = program
    .command("advisory")
    .description("advisories: one person drafts, another publishes");
  advisory
    .command("draft")
    .description("draft an advisory from Markdown, plain text or JSON; options win over what the file says")
    .argument("<file>", "its body; or a .json with title, body, severity, tlp, to, labels, references")
    .option("--title <text>", "the title (default: the file's first heading)")
    .option("--tlp <marking>", "clear, green, amber, amber+strict")
    .option("--severity <level>", "low, medium, high, critical")
    .option("--to <codes>", "organisations it is for, with commas")
    .option("--labels <list>", "labels, with commas")
    .option("--references <ids>", "STIX ids that it is about, with commas")
    .addHelpText(
      "after",
      "\nExample:\n  $ suar advisory draft advisory.md --tlp green --severity high\n\nNext: another person runs suar advisory publish ID",
    )
    .action(run(draft));
  advisory
    .command("list")
    .description("list your organisation's advisories, newest first")
    .addHelpText("after", "\nExample:\n  $ suar advisory list\n\nNext: suar advisory publish ID")
    .action(run(list));
  advisory
    .command("publish")
    .description("publish a draft that somebody else has edited last")
    .argument("<id>", "the advisory")
    .addHelpText(
      "after",
      "\nExample:\n  $ suar advisory publish ID --profile officer\n\nNext: suar watch --kinds advisory --after 0",
    )
    .action(run(publish));
}

async function draft(context: Context, file: string, options: Options): Promise<undefined> {
  const advisory = await (await context.client()).advisories.draft(await readDraft(file, options));
  await context.terminal.show(
    advisory,
    () => `advisory ${advisory.id} (${advisory.state}): ${advisory.title}`,
  );
  context.terminal.next(`another person: suar advisory publish ${advisory.id}`);
  return undefined;
}

async function readDraft(file: string, options: Options): Promise<AdvisoryDraft> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  });
  const fromFile =
    extname(file) === ".json" ? readJson(file, text) : { title: /^#+\s*(.+)$/m.exec(text)?.[1], body: text };
  const lists = { to: options.to, labels: options.labels, references: options.references };
  const given = { title: options.title, tlp: options.tlp?.toLowerCase(), severity: options.severity };
  const parsed = AdvisoryDraft.safeParse({
    ...fromFile,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...Object.fromEntries(
      Object.entries(lists)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, listOf(value)]),
    ),
  });
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new UsageError(`${file} and the options make no advisory: ${places.join("; ")}`);
}

function readJson(file: string, text: string): object {
  try {
    return Object(JSON.parse(text));
  } catch (cause) {
    throw new UsageError(`${file} is not JSON`, { cause });
  }
}

async function list(context: Context): Promise<undefined> {
  const advisories = await collect((await context.client()).advisories.list());
  await context.terminal.show(advisories, () =>
    table(
      ["id", "state", "severity", "tlp", "title", "published"],
      advisories.map((one) => [one.id, one.state, one.severity, one.tlp, one.title, one.publishedAt]),
    ),
  );
  return undefined;
}

async function publish(context: Context, id: string): Promise<undefined> {
  const advisory = await (await context.client()).advisories.publish(id);
  await context.terminal.show(
    advisory,
    () => `advisory ${advisory.id} ${advisory.state} at ${advisory.publishedAt} as ${advisory.stixId}`,
  );
  context.terminal.next("suar watch --kinds advisory --after 0");
  return undefined;
}
