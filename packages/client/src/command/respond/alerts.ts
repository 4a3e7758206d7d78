import type { Alert } from "@suar/contract";
import type { Command } from "commander";
import { filterOf, withFilter } from "../options/filter-options.ts";
import { collect } from "../shell/collect.ts";
import { type Context, run } from "../shell/context.ts";
import { UsageError } from "../shell/exit-codes.ts";
import { table } from "../shell/terminal.ts";

const STATES: readonly Alert["state"][] = ["queued", "raised", "acknowledged"];

export function addAlertCommands(program: Command): void {
  const alerts = program.command("alerts").description("alerts that your rules have raised");
  alerts
    .command("list")
    .description("list alerts, newest first")
    .option("--state <state>", STATES.join(", "))
    .addHelpText("after", "\nExample:\n  $ suar alerts list --state raised\n\nNext: suar alerts ack ID")
    .action(run(listAlerts));
  alerts
    .command("ack")
    .description("acknowledge alerts; a repeat is harmless")
    .argument("<ids...>", "alerts")
    .addHelpText(
      "after",
      "\nExample:\n  $ suar alerts ack 5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701\n\nNext: suar alerts list",
    )
    .action(run(acknowledge));
  const rules = program.command("alert-rules").description("what raises an alert");
  rules
    .command("list")
    .description("list your organisation's rules")
    .addHelpText(
      "after",
      "\nExample:\n  $ suar alert-rules list\n\nNext: suar alert-rules add NAME --values example.sg",
    )
    .action(run(listRules));
  withFilter(
    rules
      .command("add")
      .description("raise an alert whenever something released to you matches")
      .argument("<name>", "what to call it"),
  )
    .addHelpText(
      "after",
      "\nExample:\n  $ suar alert-rules add banks --sectors financial-services --severity high,critical\n\nNext: suar alerts list",
    )
    .action(run(addRule));
  rules
    .command("remove")
    .description("delete a rule; its alerts stay")
    .argument("<id>", "the rule")
    .addHelpText("after", "\nExample:\n  $ suar alert-rules remove ID\n\nNext: suar alert-rules list")
    .action(run(removeRule));
}

async function listAlerts(context: Context, { state }: { state?: string }): Promise<undefined> {
  const wanted = STATES.find((one) => one === state);
  if (state !== undefined && wanted === undefined)
    throw new UsageError(`--state is one of ${STATES.join(", ")}`);
  const alerts = await collect((await context.client()).alerts.list(wanted));
  await context.terminal.show(alerts, () =>
    table(
      ["id", "state", "rule", "producer", "seq", "object", "raised"],
      alerts.map((alert) => [
        alert.id,
        alert.state,
        alert.rule.name,
        alert.producer,
        alert.seq,
        alert.object,
        alert.raisedAt,
      ]),
    ),
  );
  return undefined;
}

async function acknowledge(context: Context, ids: string[]): Promise<undefined> {
  const client = await context.client();
  for (const id of ids) {
    const alert = await client.alerts.acknowledge(id);
    await context.terminal.show(alert, () => `${alert.id} ${alert.state} at ${alert.acknowledgedAt}`);
  }
  return undefined;
}

async function listRules(context: Context): Promise<undefined> {
  const rules = await collect((await context.client()).alerts.rules());
  await context.terminal.show(rules, () =>
    table(
      ["id", "name", "filter"],
      rules.map(({ id, name, filter }) => [id, name, JSON.stringify(filter)]),
    ),
  );
  return undefined;
}

async function addRule(context: Context, name: string, options: Record<string, unknown>): Promise<undefined> {
  const rule = await (await context.client()).alerts.createRule(name, filterOf(options));
  await context.terminal.show(rule, () => `rule ${rule.id} (${rule.name}): ${JSON.stringify(rule.filter)}`);
  context.terminal.next("suar alerts list, or suar watch --kinds alert");
  return undefined;
}

async function removeRule(context: Context, id: string): Promise<undefined> {
  await (await context.client()).alerts.deleteRule(id);
  await context.terminal.show({ id, deleted: true }, () => `rule ${id} deleted`);
  return undefined;
}
