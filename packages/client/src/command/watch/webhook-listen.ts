import type { Command } from "commander";
import type { SuarClient } from "../../client.ts";
import { filterOf, withFilter } from "../options/filter-options.ts";
import { wholeNumber } from "../options/number-option.ts";
import { cleanText } from "../shell/clean-text.ts";
import { type Context, run } from "../shell/context.ts";
import { EXIT } from "../shell/exit-codes.ts";
import { describeItem } from "./describe-item.ts";
import { type Received, startReceiver } from "./webhook-receiver.ts";

type Options = {
  port: number;
  secret?: string[];
  forwardTo?: string;
  create?: boolean;
  publicUrl?: string;
  keep?: boolean;
  after: string;
};

export function addListen(webhook: Command): void {
  const command = webhook
    .command("listen")
    .description("receive webhooks here: verify each signature, print each event once")
    .option("--port <port>", "port on 127.0.0.1", wholeNumber(0, 65_535), 4_000)
    .option("--secret <whsec...>", "the webhook's secret; two while it is being rotated")
    .option("--forward-to <url>", "pass each verified event on, as it came")
    .option("--create", "create the webhook too, and delete it at the end")
    .option("--public-url <url>", "with --create: where the platform reaches this port (default: loopback)")
    .option("--after <place>", "with --create: latest, 0 or a cursor", "latest")
    .option("--keep", "with --create: leave the webhook there at the end");
  withFilter(command)
    .addHelpText(
      "after",
      `
Examples:
  $ suar webhook listen --secret whsec_…
  $ suar webhook listen --create --public-url https://tunnel.example/hook
  $ suar webhook listen --create --forward-to http://127.0.0.1:3000/suar

A platform refuses private and loopback addresses unless its operator allows them
(SUAR_WEBHOOK_ALLOW=127.0.0.0/8). The filter options are used with --create.

Next: suar webhook test ID`,
    )
    .action(run(listen));
}

async function listen(context: Context, options: Options & Record<string, unknown>): Promise<number> {
  const { terminal } = context;
  const { port } = options;
  const secrets = [...(options.secret ?? [])];
  const signal = context.interruption();
  const client = options.create === true ? await context.client() : undefined;
  const receiver = await startReceiver({
    port,
    secrets,
    forwardTo: options.forwardTo,
    onReceived: (received) => printReceived(context, received),
  });
  let created: string | undefined;
  try {
    if (client !== undefined) created = await createWebhook(client, receiver.port, options, secrets);
    if (secrets.length === 0) terminal.note("no --secret given: signatures cannot be verified");
    terminal.note(`listening on http://127.0.0.1:${receiver.port}/ (Ctrl-C ends)`);
    if (created !== undefined) terminal.next(`suar webhook test ${created}`);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  } finally {
    await receiver.close();
    if (client !== undefined && created !== undefined && options.keep !== true)
      await client.webhooks.delete(created);
  }
  return EXIT.interrupted;
}

async function createWebhook(
  client: SuarClient,
  port: number,
  options: Options & Record<string, unknown>,
  secrets: string[],
): Promise<string> {
  const url = options.publicUrl ?? `http://127.0.0.1:${port}/`;
  const after = options.after === "0" ? 0 : options.after;
  const webhook = await client.webhooks.create({
    url,
    filter: filterOf(options),
    after,
    description: "suar webhook listen",
  });
  secrets.push(webhook.secret);
  return webhook.id;
}

async function printReceived(context: Context, received: Received): Promise<void> {
  const { terminal } = context;
  const { event, verdict, detail, forwarded } = received;
  if (terminal.json) return terminal.printJson(received);
  const mark = terminal.style(
    verdict === "verified" ? "green" : verdict === "failed" ? "red" : "yellow",
    verdict,
  );
  const tail = forwarded === undefined ? "" : `  forwarded: ${forwarded}`;
  if (event === undefined) return terminal.print(`${mark}  ${cleanText(detail ?? "")}${tail}`);
  const what = event.item === undefined ? "" : describeItem(event.item);
  return terminal.print(`${mark}  ${cleanText(event.type)}  ${cleanText(event.id)}  ${what}${tail}`);
}
