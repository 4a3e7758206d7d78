import type { PublicEvent } from "@suar/contract";
import type { Command } from "commander";
import { SuarClient } from "../../client.ts";
import { cleanJson, cleanText } from "../shell/clean-text.ts";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { describeObject } from "./describe-item.ts";

/** Read without a key, as everybody reads it: what a key would show besides is not mixed in. */
export function addPublicCommands(program: Command): void {
  const all = program.command("public").description("read what was released to everybody; no key is needed");
  describe(
    all.command("events").option("--after <place>", "go on where an earlier reading ended"),
    "what was released to everybody, in order, and what was taken back of it",
    "suar public events --json",
    "suar public get ID",
  ).action(run(events));
  describe(
    all.command("get").argument("<id>", "STIX id"),
    "what each producer states about an id to everybody",
    "suar public get indicator--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701",
    "suar public events",
  ).action(run(get));
}

async function keyless(context: Context): Promise<SuarClient> {
  return new SuarClient({ url: await context.url() });
}

async function events(context: Context, options: { after?: string }): Promise<undefined> {
  const { terminal } = context;
  const client = await keyless(context);
  for (let { after } = options; ; ) {
    const page = await client.public.page(after === undefined ? {} : { after });
    for (const event of page.items) await terminal.show(event, () => lineOf(event));
    after = page.next;
    if (page.more) continue;
    terminal.note(`-- the end; go on with --after ${after}`);
    return undefined;
  }
}

function lineOf({ at, kind, producer, object }: PublicEvent): string {
  return `${at}  ${cleanText(kind)}  ${cleanText(producer)}  ${describeObject(object)}`;
}

async function get(context: Context, id: string): Promise<undefined> {
  const found = await (await keyless(context)).public.object(id);
  await context.terminal.show(found, () =>
    found.assertions
      .map(
        ({ producer, at, withdrawn, object }) =>
          `${cleanText(producer)} states, of ${at}${withdrawn ? ", withdrawn" : ""}:\n${cleanJson(object)}`,
      )
      .join("\n"),
  );
  return undefined;
}
