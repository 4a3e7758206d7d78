import { FormatName } from "@suar/formats";
import type { Command } from "commander";
import type { NewSource } from "../../resources/sources.ts";
import { limitsOf } from "../options/limit-options.ts";
import { wholeNumber } from "../options/number-option.ts";
import {
  addressOf,
  type CredentialOptions,
  credentialOf,
  type SayingOptions,
  SECRETS_HELP,
  type TaxiiOptions,
  withCredential,
  withSaying,
  withTaxii,
} from "../options/taxii-options.ts";
import { type Context, run } from "../shell/context.ts";
import { UsageError } from "../shell/exit-codes.ts";
import { showSource } from "./show-source.ts";

type Own = SayingOptions & { name?: string; every: number };

/** One command for each kind of source. */
export function addSourceAdding(sources: Command): void {
  addCollection(sources);
  addFeed(sources);
  addFile(sources);
  addMailbox(sources);
}

function addCollection(sources: Command): void {
  withOwn(withTaxii(sources.command("add")))
    .description("add a TAXII collection; it is pulled at once, and then every so often")
    .addHelpText(
      "after",
      `
Examples:
  $ suar sources add https://taxii.example --collection indicators --tlp green
  $ suar sources add taxii.example --user me --secret-file taxii.secret --every 300

${SECRETS_HELP}
The platform keeps them sealed and shows them to nobody. To change them, add the source
anew with --after and the date up to which the old one pulled (suar sources show ID).

Next: suar sources show ID`,
    )
    .action(
      run(async (context, url: string, options: TaxiiOptions & Own) => {
        const { collection, after } = options;
        const own = {
          ...(collection !== undefined && { collection }),
          ...(after !== undefined && { after }),
        };
        return await create(context, options, { url, ...own });
      }),
    );
}

function addFeed(sources: Command): void {
  withOwn(withCredential(withSaying(sources.command("add-feed"))))
    .description("add a feed of MISP; only events that are new or changed are pulled")
    .argument("<url>", "the feed's folder, or its manifest.json")
    .option("--after <date>", "only events that changed later, such as 2026-01-02T03:04:05Z")
    .addHelpText(
      "after",
      `
Examples:
  $ suar sources add-feed https://misp.example/feed/ --tlp green
  $ suar sources add-feed https://misp.example/feed/manifest.json --after 2026-01-01T00:00:00Z --tlp amber

${SECRETS_HELP}

Next: suar sources show ID`,
    )
    .action(
      run(async (context, url: string, options: CredentialOptions & Own & { after?: string }) => {
        const { after } = options;
        return await create(context, options, { kind: "misp", url, ...(after !== undefined && { after }) });
      }),
    );
}

function addFile(sources: Command): void {
  withOwn(withCredential(withSaying(sources.command("add-url"))))
    .description("add a file at an address: CSV, a list, or any other format; pulled when it has changed")
    .argument("<url>", "the file")
    .option("--format <format>", `what it is read as: ${FormatName.options.join(", ")}; else what it shows`)
    .addHelpText(
      "after",
      `
Examples:
  $ suar sources add-url https://lists.example/domains.csv --tlp clear
  $ suar sources add-url https://lists.example/bad.txt --format text --tlp green --every 3600

${SECRETS_HELP}

Next: suar sources show ID`,
    )
    .action(
      run(async (context, url: string, options: CredentialOptions & Own & { format?: string }) => {
        const format = FormatName.optional().safeParse(options.format);
        if (!format.success) throw new UsageError(`--format is one of ${FormatName.options.join(", ")}`);
        return await create(context, options, {
          kind: "url",
          url,
          ...(format.data && { format: format.data }),
        });
      }),
    );
}

function addMailbox(sources: Command): void {
  withOwn(withSaying(sources.command("add-mailbox")))
    .description("add a folder into which messages (.eml, .mbox) are dropped")
    .argument("<folder>", "its name below your organisation's folder, which the platform's operator made")
    .addHelpText(
      "after",
      `
Examples:
  $ suar sources add-mailbox inbox --tlp amber
  $ suar sources add-mailbox phish-reports --tlp green --every 60

What was taken is moved to done/ there, what cannot be taken to failed/ with its problem beside it.

Next: suar sources show ID`,
    )
    .action(
      run(async (context, folder: string, options: Own) =>
        create(context, options, { kind: "mailbox", folder }),
      ),
    );
}

function withOwn(command: Command): Command {
  return command
    .option("--name <name>", "what to call it; else the server's host, or the folder")
    .option("--every <seconds>", "how often, from a minute to a week", wholeNumber(60, 604_800), 900);
}

async function create(
  context: Context,
  options: Own & CredentialOptions,
  { url, ...own }: NewSource,
): Promise<undefined> {
  const { name, tlp, to, every } = options;
  const address = url === undefined ? {} : { url: addressOf(url).href };
  const client = await context.client();
  const credential = url === undefined ? undefined : await credentialOf(options);
  const source = await client.sources.create({
    ...own,
    ...address,
    everySeconds: every,
    ...(name !== undefined && { name }),
    ...(credential !== undefined && { credential }),
    ...(tlp !== undefined && { tlp }),
    ...(to !== undefined && { to }),
    ...limitsOf(options),
  });
  await showSource(context, source);
  context.terminal.next(`suar sources show ${source.id}`);
  return undefined;
}
