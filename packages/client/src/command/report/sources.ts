import type { Source } from "@suar/contract";
import type { Command } from "commander";
import type { SuarClient } from "../../client.ts";
import { limitsOf } from "../options/limit-options.ts";
import { wholeNumber } from "../options/number-option.ts";
import {
  addressOf,
  credentialOf,
  SECRETS_HELP,
  type TaxiiOptions,
  withTaxii,
} from "../options/taxii-options.ts";
import { collect } from "../shell/collect.ts";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { table } from "../shell/terminal.ts";

export function addSourceCommands(program: Command): void {
  const sources = program
    .command("sources")
    .description("have TAXII collections of other servers pulled and submitted, now and again");
  withTaxii(sources.command("add"))
    .description("add a source; it pulls at once, and then every so often")
    .option("--name <name>", "what to call it; else the server's host")
    .option("--every <seconds>", "how often, from a minute to a week", wholeNumber(60, 604_800), 900)
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
    .action(run(add));
  describe(
    sources.command("list"),
    "list your organisation's sources, and what went wrong last",
    "suar sources list",
    "suar sources show ID",
  ).action(run(list));
  addActions(sources);
}

function addActions(sources: Command): void {
  const one = (name: string) => sources.command(name).argument("<id>", "the source");
  const action = (
    name: string,
    description: string,
    next: string,
    change: (client: SuarClient, id: string) => Promise<Source>,
  ) =>
    describe(one(name), description, `suar sources ${name} ID`, next).action(
      run(async (context, id: string) => await showOne(context, await change(await context.client(), id))),
    );
  action("show", "show how far a source has come, and why it failed", "suar sources now ID", (client, id) =>
    client.sources.get(id),
  );
  action(
    "pause",
    "stop pulling; its place is kept and nothing is lost",
    "suar sources resume ID",
    (client, id) => client.sources.pause(id),
  );
  action(
    "resume",
    "pull on from where it stood, also after it was disabled",
    "suar sources show ID",
    (client, id) => client.sources.resume(id),
  );
  action("now", "pull now, whenever it would be its turn", "suar sources show ID", (client, id) =>
    client.sources.pullNow(id),
  );
  describe(
    one("remove"),
    "remove a source with its credential; what it submitted stays",
    "suar sources remove ID",
    "suar sources list",
  ).action(
    run(async (context, id: string) => {
      await (await context.client()).sources.delete(id);
      await context.terminal.show({ id, removed: true }, () => `source ${id} removed`);
      return undefined;
    }),
  );
}

type AddOptions = TaxiiOptions & { name?: string; every: number };

async function add(context: Context, url: string, options: AddOptions): Promise<undefined> {
  const { name, collection, tlp, to, after, every } = options;
  const address = addressOf(url).href;
  const client = await context.client();
  const credential = await credentialOf(options);
  const source = await client.sources.create({
    url: address,
    everySeconds: every,
    ...(name !== undefined && { name }),
    ...(collection !== undefined && { collection }),
    ...(credential !== undefined && { credential }),
    ...(tlp !== undefined && { tlp }),
    ...(to !== undefined && { to }),
    ...limitsOf(options),
    ...(after !== undefined && { after }),
  });
  await showOne(context, source);
  context.terminal.next(`suar sources show ${source.id}`);
  return undefined;
}

async function list(context: Context): Promise<undefined> {
  const sources = await collect((await context.client()).sources.list());
  const row = (one: Source) => [
    one.id,
    one.name,
    one.state,
    one.objects,
    one.addedUpTo?.slice(0, 19) ?? null,
    one.nextAt?.slice(0, 19) ?? null,
    one.stateReason ?? one.problem?.detail ?? null,
  ];
  await context.terminal.show(sources, () =>
    table(["id", "name", "state", "objects", "added up to", "next", "reason"], sources.map(row)),
  );
  return undefined;
}

async function showOne(context: Context, source: Source): Promise<undefined> {
  const { id, name, state, stateReason, url, found, objects, leftOut, addedUpTo, problem, failures } = source;
  await context.terminal.show(source, () => {
    const rows = [
      ["state", stateReason === null ? state : `${state}: ${stateReason}`],
      ["server", url],
      [
        "collection",
        found === null ? (source.collection ?? "not looked for yet") : `${found.title} (${found.id})`,
      ],
      ["shown to it", source.credential],
      ["objects", leftOut === 0 ? `${objects}` : `${objects}, of which ${leftOut} were left out`],
      ["added up to", addedUpTo],
      ["last pull", source.lastPullAt],
      ["last success", source.lastSuccessAt],
      ["next pull", source.nextAt],
      ["last submission", source.lastSubmission],
      ["problem", problem === null ? null : `${problem.detail} (${problem.code}, ${failures} in a row)`],
    ];
    return table([`source ${id}`, name], rows);
  });
  return undefined;
}
