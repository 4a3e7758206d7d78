import type { Command } from "commander";
import { type Context, run } from "../shell/context.ts";
import { table } from "../shell/terminal.ts";

/** What the platform says that it handed over and counted: to hold against what came, and against receipts. */
export function addDeliveryCommands(program: Command): void {
  program
    .command("deliveries")
    .description("what the platform says that it handed to your organisation, by which channels and when")
    .addHelpText(
      "after",
      "\nExample:\n  $ suar deliveries --json > told/deliveries.ndjson\n\nNext: suar verify reconcile --told told",
    )
    .action(run(listDeliveries));
  program
    .command("individuals")
    .description(
      "how many people's data your member told whom of, by year, as its quotas count them; for its CERT",
    )
    .addHelpText(
      "after",
      "\nExample:\n  $ suar individuals --json > told/individuals.json\n\nNext: suar verify reconcile --told told",
    )
    .action(run(listIndividuals));
}

async function listDeliveries(context: Context): Promise<undefined> {
  const client = await context.client();
  for await (const one of client.log.deliveries())
    await context.terminal.show(one, () => {
      const ways = one.delivered.map(({ channel, first }) => `${channel} ${first.slice(0, 19)}`);
      return `#${one.seq}  ${ways.join(", ")}`;
    });
  return undefined;
}

async function listIndividuals(context: Context): Promise<undefined> {
  const { items } = await (await context.client()).log.individuals();
  const rows = items.map(({ exporter, importer, year, individuals }) => [
    year,
    exporter,
    importer,
    individuals,
  ]);
  await context.terminal.show(items, () => table(["year", "from", "to", "individuals"], rows));
  return undefined;
}
