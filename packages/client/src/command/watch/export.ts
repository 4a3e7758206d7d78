import { ExportFormat, type ExportLink, type IssuedExportLink } from "@suar/contract";
import type { Command } from "commander";
import { filterOf, withFilter } from "../options/filter-options.ts";
import { wholeNumber } from "../options/number-option.ts";
import { collect } from "../shell/collect.ts";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { UsageError } from "../shell/exit-codes.ts";
import { table } from "../shell/terminal.ts";
import { writeWhole } from "./write-whole.ts";

const FORMATS = ExportFormat.options.join(", ");

/** What one may see, as a file for other tools; and links under which machines read it by themselves. */
export function addExportCommands(program: Command): void {
  const one = program
    .command("export")
    .argument("<format>", FORMATS)
    .option("--output <file>", "where to write it; a file that is there is replaced once all has come");
  describe(
    withFilter(one),
    "write what was released to you in a format of other tools",
    "suar export rpz --tlp clear,green --output suar.rpz",
    "suar export-links create rpz --name resolver",
  ).action(run(writeExport));
  const links = program.command("export-links").description("addresses under which machines read an export");
  const create = links
    .command("create")
    .argument("<format>", FORMATS)
    .requiredOption("--name <text>", "what it is for")
    .option("--days <n>", "how long it is good, at most 90", wholeNumber(1, 90));
  describe(
    withFilter(create),
    "make an address with a key, shown once, on stdout: whoever has it reads what the link shows",
    "suar export-links create list-ipv4 --name firewall --tlp clear,green",
    "suar export-links list",
  ).action(run(createLink));
  describe(
    links.command("list"),
    "list your organisation's links, and when each was last used",
    "suar export-links list",
    "suar export-links revoke ID",
  ).action(run(listLinks));
  describe(
    links.command("rotate").argument("<id>", "the link"),
    "make the same link under another key; the old one ends a day later",
    "suar export-links rotate ID",
    "suar export-links list",
  ).action(
    run(
      async (context, id: string) =>
        await showIssued(context, await (await context.client()).exports.rotateLink(id)),
    ),
  );
  describe(
    links.command("revoke").argument("<id>", "the link"),
    "end a link at once",
    "suar export-links revoke ID",
    "suar export-links list",
  ).action(run(revokeLink));
}

type Options = Record<string, unknown> & { output?: string };

async function writeExport(context: Context, format: string, options: Options): Promise<undefined> {
  const pieces = (await context.client()).exports.read(formatOf(format), {
    filter: filterOf(options),
    signal: context.interruption(),
  });
  if (options.output !== undefined) {
    await writeWhole(options.output, pieces);
    context.terminal.note(`written to ${options.output}`);
    return undefined;
  }
  for await (const piece of pieces)
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(piece, (error) => (error ? reject(error) : resolve()));
    });
  return undefined;
}

function formatOf(text: string): ExportFormat {
  const format = ExportFormat.safeParse(text);
  if (format.success) return format.data;
  throw new UsageError(`${text} is no format; there are: ${FORMATS}`);
}

type LinkOptions = Record<string, unknown> & { name: string; days?: number };

async function createLink(context: Context, format: string, options: LinkOptions): Promise<undefined> {
  const { name, days } = options;
  const link = { name, days, format: formatOf(format), filter: filterOf(options) };
  return await showIssued(context, await (await context.client()).exports.createLink(link));
}

async function showIssued(context: Context, issued: IssuedExportLink): Promise<undefined> {
  context.terminal.note(
    `link ${issued.id} as ${issued.format}, until ${issued.expiresAt}; it is not shown again:`,
  );
  await context.terminal.show(issued, () => issued.url);
  return undefined;
}

async function listLinks(context: Context): Promise<undefined> {
  const links = await collect((await context.client()).exports.links());
  const row = (link: ExportLink) => [
    link.id,
    link.name,
    link.format,
    JSON.stringify(link.filter),
    link.madeBy,
    link.lastUsedAt,
    stateOf(link),
  ];
  await context.terminal.show(links, () =>
    table(["id", "name", "format", "filter", "made by", "last used", "state"], links.map(row)),
  );
  return undefined;
}

function stateOf({ revokedAt, expiresAt }: ExportLink): string {
  if (revokedAt !== null) return `ended ${revokedAt}`;
  return new Date(expiresAt) <= new Date() ? "expired" : `until ${expiresAt.slice(0, 10)}`;
}

async function revokeLink(context: Context, id: string): Promise<undefined> {
  const link = await (await context.client()).exports.revokeLink(id);
  await context.terminal.show(link, () => `link ${link.id} (${link.name}) ended at ${link.revokedAt}`);
  return undefined;
}
