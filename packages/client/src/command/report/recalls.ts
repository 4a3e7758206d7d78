import type { Recall } from "@suar/contract";
import type { Command } from "commander";
import { collect } from "../shell/collect.ts";
import { type Context, run } from "../shell/context.ts";
import { UsageError } from "../shell/exit-codes.ts";
import { table } from "../shell/terminal.ts";

const STATES = ["open", "acknowledged"] as const;

export function addRecallCommands(program: Command): void {
  program
    .command("receipts")
    .description(
      "to whom what your organisation stated was logged and delivered, and who has acknowledged it",
    )
    .argument("<id>", "STIX id")
    .addHelpText(
      "after",
      "\nExample:\n  $ suar receipts indicator--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701\n\nNext: suar withdraw ID",
    )
    .action(run(listReceipts));
  const recalls = program
    .command("recalls")
    .description("what was taken back, by others and by you, and who has acknowledged it")
    .option("--state <state>", `of others' alone: ${STATES.join(", ")}`)
    .addHelpText("after", "\nExample:\n  $ suar recalls --state open\n\nNext: suar recalls ack ID")
    .action(run(listRecalls));
  recalls
    .command("show")
    .description("one recall; of your own, with every receiver")
    .argument("<id>", "the recall")
    .addHelpText(
      "after",
      "\nExample:\n  $ suar recalls show 5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701\n\nNext: suar receipts ID",
    )
    .action(run(showRecall));
  recalls
    .command("ack")
    .description(
      "say that your organisation uses and keeps no longer what was taken back; a repeat is harmless",
    )
    .argument("<ids...>", "recalls")
    .addHelpText(
      "after",
      "\nExample:\n  $ suar recalls ack 5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701\n\nNext: suar recalls --state open",
    )
    .action(run(acknowledge));
}

async function listReceipts(context: Context, id: string): Promise<undefined> {
  const receipts = await collect((await context.client()).objects.receipts(id));
  const rows = receipts.flatMap(({ seq, at, kind, object, receivers }) =>
    receivers.map(({ organisation, delivered, acknowledgedAt, takenAway }) => [
      seq,
      at.slice(0, 19),
      kind,
      organisation,
      delivered.map(({ channel, first }) => `${channel} ${first.slice(0, 19)}`).join(", ") || "not yet",
      acknowledgedAt?.slice(0, 19) ?? null,
      takenAway && `${takenAway.at.slice(0, 19)} ${takenAway.why.join(", ") || "not decided yet"}`,
      takenAway && (takenAway.toldAt?.slice(0, 19) ?? "not told"),
      object,
    ]),
  );
  const heading = [
    "seq",
    "logged",
    "kind",
    "to",
    "delivered first",
    "acknowledged",
    "taken away",
    "told",
    "as",
  ];
  await context.terminal.show(receipts, () => table(heading, rows));
  return undefined;
}

async function listRecalls(context: Context, { state }: { state?: string }): Promise<undefined> {
  const wanted = STATES.find((one) => one === state);
  if (state !== undefined && wanted === undefined)
    throw new UsageError(`--state is one of ${STATES.join(", ")}`);
  const recalls = await collect((await context.client()).recalls.list(wanted));
  const heading = ["id", "state", "from", "withdrawn", "due", "objects", "owing"];
  await context.terminal.show(recalls, () => table(heading, recalls.map(rowOf)));
  return undefined;
}

function rowOf({ id, state, producer, withdrawnAt, dueAt, objects, receivers }: Recall) {
  const owing = receivers?.filter((one) => one.state === "open" || one.state === "overdue");
  const [first, ...others] = objects;
  const about = others.length === 0 ? first : `${first} and ${others.length} more`;
  return [
    id,
    state,
    producer,
    withdrawnAt.slice(0, 19),
    dueAt.slice(0, 19),
    about ?? null,
    owing?.map(({ organisation }) => organisation).join(", ") ?? null,
  ];
}

async function showRecall(context: Context, id: string): Promise<undefined> {
  const recall = await (await context.client()).recalls.get(id);
  await context.terminal.show(recall, () =>
    [
      `${recall.producer} took back ${recall.objects.join(", ")} at ${recall.withdrawnAt}`,
      `to be acknowledged by ${recall.dueAt}: ${recall.state}`,
      ...(recall.receivers === undefined
        ? []
        : [
            table(
              ["receiver", "state", "reminded", "acknowledged"],
              recall.receivers.map(({ organisation, state, reminders, acknowledgedAt }) => [
                organisation,
                state,
                reminders.at(-1) ?? null,
                acknowledgedAt,
              ]),
            ),
          ]),
    ].join("\n"),
  );
  return undefined;
}

async function acknowledge(context: Context, ids: string[]): Promise<undefined> {
  const client = await context.client();
  for (const id of ids) {
    const recall = await client.recalls.acknowledge(id);
    await context.terminal.show(recall, () => `${recall.id} ${recall.state} at ${recall.acknowledgedAt}`);
  }
  return undefined;
}
