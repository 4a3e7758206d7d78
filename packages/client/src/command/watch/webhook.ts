import type { Attempt, Webhook } from "@suar/contract";
import type { Command } from "commander";
import type { SuarClient } from "../../client.ts";
import { filterOf, withFilter } from "../options/filter-options.ts";
import { wholeNumber } from "../options/number-option.ts";
import { collect } from "../shell/collect.ts";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { EXIT } from "../shell/exit-codes.ts";
import { table } from "../shell/terminal.ts";
import { addListen } from "./webhook-listen.ts";

export function addWebhookCommands(program: Command): void {
  const webhook = program
    .command("webhook")
    .description("have what is released to you posted to a URL, signed");
  addListen(webhook);
  describe(
    webhook.command("list"),
    "list your organisation's webhooks",
    "suar webhook list",
    "suar webhook attempts ID",
  ).action(run(list));
  const create = webhook
    .command("create")
    .argument("<url>", "where to post")
    .option("--after <place>", "latest, 0 or a cursor", "latest")
    .option("--description <text>", "what it is for");
  describe(
    withFilter(create),
    "create a webhook; its secret is shown once",
    "suar webhook create https://soc.example.sg/suar --types indicator",
    "suar webhook test ID",
  ).action(run(createWebhook));
  addActions(webhook);
  const replay = webhook
    .command("replay")
    .argument("<id>", "the webhook")
    .requiredOption("--from <seq>", "the first seq sent again is the one after this", wholeNumber(0));
  describe(
    replay,
    "send again everything after a seq that matches",
    "suar webhook replay ID --from 0",
    "suar webhook attempts ID",
  ).action(
    run(
      async (context, id: string, { from }: { from: number }) =>
        await showWebhook(context, (client) => client.webhooks.replay(id, from)),
    ),
  );
  describe(
    webhook.command("attempts").argument("<id>", "the webhook"),
    "show every attempt, newest first",
    "suar webhook attempts ID",
    "suar webhook resume ID",
  ).action(run(attempts));
}

function addActions(webhook: Command): void {
  const one = (name: string) => webhook.command(name).argument("<id>", "the webhook");
  describe(
    one("pause"),
    "stop sending; the cursor freezes and nothing is lost",
    "suar webhook pause ID",
    "suar webhook resume ID",
  ).action(run((context, id: string) => showWebhook(context, (client) => client.webhooks.pause(id))));
  describe(
    one("resume"),
    "go on from the frozen cursor",
    "suar webhook resume ID",
    "suar webhook attempts ID",
  ).action(run((context, id: string) => showWebhook(context, (client) => client.webhooks.resume(id))));
  describe(
    one("test"),
    "send a test event now and tell how it went; a success ends a rest",
    "suar webhook test ID",
    "suar webhook attempts ID",
  ).action(run(test));
  describe(
    one("rotate"),
    "make a new secret, shown once; for 24 hours both sign",
    "suar webhook rotate ID",
    "suar webhook listen --secret NEW",
  ).action(run(rotate));
  describe(one("delete"), "delete a webhook", "suar webhook delete ID", "suar webhook list").action(
    run(async (context, id: string) => {
      await (await context.client()).webhooks.delete(id);
      await context.terminal.show({ id, deleted: true }, () => `webhook ${id} deleted`);
      return undefined;
    }),
  );
}

async function list(context: Context): Promise<undefined> {
  const webhooks = await collect((await context.client()).webhooks.list());
  const row = (one: Webhook) => [
    one.id,
    one.state,
    one.restingUntil?.slice(0, 19) ?? null,
    one.url,
    one.pending,
    one.cursor,
    one.stateReason ?? one.lastProblem,
  ];
  await context.terminal.show(webhooks, () =>
    table(["id", "state", "resting until", "url", "pending", "cursor", "reason"], webhooks.map(row)),
  );
  return undefined;
}

type CreateOptions = { after: string; description?: string } & Record<string, unknown>;

async function createWebhook(context: Context, url: string, options: CreateOptions): Promise<undefined> {
  const { after, description } = options;
  const client = await context.client();
  const made = await client.webhooks.create({
    url,
    filter: filterOf(options),
    after: after === "0" ? 0 : after,
    ...(description === undefined ? {} : { description }),
  });
  await context.terminal.show(made, () => `webhook ${made.id} to ${made.url}\nsecret  ${made.secret}`);
  context.terminal.next(`suar webhook test ${made.id}`);
  return undefined;
}

async function showWebhook(
  context: Context,
  change: (client: SuarClient) => Promise<Webhook>,
): Promise<undefined> {
  const webhook = await change(await context.client());
  await context.terminal.show(
    webhook,
    () =>
      `webhook ${webhook.id} ${webhook.state}${restOf(webhook)}, cursor ${webhook.cursor}, ${webhook.pending} pending`,
  );
  return undefined;
}

function restOf({ restingUntil }: Webhook): string {
  return restingUntil === null ? "" : ` and resting until ${restingUntil.slice(0, 19)}`;
}

/** Ends with 5 when the receiver did not take it. */
async function test(context: Context, id: string): Promise<number> {
  const attempt = await (await context.client()).webhooks.test(id);
  await context.terminal.show(attempt, () => describeAttempt(attempt));
  return attempt.outcome === "delivered" ? EXIT.ok : EXIT.refused;
}

async function rotate(context: Context, id: string): Promise<undefined> {
  const webhook = await (await context.client()).webhooks.rotateSecret(id);
  await context.terminal.show(webhook, () => webhook.secret);
  context.terminal.note("for 24 hours both secrets sign");
  return undefined;
}

async function attempts(context: Context, id: string): Promise<undefined> {
  const made = await collect((await context.client()).webhooks.attempts(id), 200);
  const row = (one: Attempt) => [
    one.at.slice(0, 19),
    one.webhookId,
    one.type,
    one.seq,
    one.number,
    one.status,
    one.outcome,
    one.problem,
    one.nextAt,
  ];
  await context.terminal.show(made, () =>
    table(["at", "webhook-id", "type", "seq", "try", "status", "outcome", "problem", "next"], made.map(row)),
  );
  return undefined;
}

function describeAttempt({ outcome, status, durationMs, problem }: Attempt): string {
  return `${outcome}: ${status === null ? "no answer" : `HTTP ${status}`} in ${durationMs} ms${problem === null ? "" : ` (${problem})`}`;
}
