import type { Source } from "@suar/contract";
import type { Command } from "commander";
import type { SuarClient } from "../../client.ts";
import { collect } from "../shell/collect.ts";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { table } from "../shell/terminal.ts";
import { addSourceAdding } from "./add-source.ts";
import { showSource } from "./show-source.ts";

export function addSourceCommands(program: Command): void {
  const sources = program
    .command("sources")
    .description("have collections, feeds, files and mailboxes pulled and submitted, now and again");
  addSourceAdding(sources);
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
      run(async (context, id: string) => await showSource(context, await change(await context.client(), id))),
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

async function list(context: Context): Promise<undefined> {
  const sources = await collect((await context.client()).sources.list());
  const row = (one: Source) => [
    one.id,
    one.kind,
    one.name,
    one.state,
    one.objects,
    one.addedUpTo?.slice(0, 19) ?? null,
    one.nextAt?.slice(0, 19) ?? null,
    one.stateReason ?? one.problem?.detail ?? null,
  ];
  await context.terminal.show(sources, () =>
    table(["id", "kind", "name", "state", "objects", "added up to", "next", "reason"], sources.map(row)),
  );
  return undefined;
}
