import { type InboxItem, InboxItemState, type SentRed, type SentTo } from "@suar/contract";
import type { Command } from "commander";
import { collect } from "../shell/collect.ts";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { UsageError } from "../shell/exit-codes.ts";
import { table } from "../shell/terminal.ts";
import { describeObject } from "./describe-item.ts";

/** TLP:RED, for people who are signed in by a link. */
export function addInboxCommands(program: Command): void {
  const inbox = program
    .command("inbox")
    .description("TLP:RED for you alone; sign in with suar login --link first");
  describe(
    inbox.command("list").option("--state <state>", InboxItemState.options.join(", ")),
    "list what is in it, without its content; --state withdrawn: what you owe a word about",
    "suar inbox list",
    "suar inbox read ID",
  ).action(run(list));
  describe(
    inbox.command("read").argument("<id>", "the item"),
    "read it; its sender sees that and when you did",
    "suar inbox read ID",
    "suar inbox ack ID",
  ).action(run(read));
  describe(
    inbox
      .command("ack")
      .argument("<ids...>", "items")
      .option("--withdrawal", "that you know they were taken back, and keep none of it"),
    "tell the sender that you have it in hand; a repeat is harmless",
    "suar inbox ack ID",
    "suar inbox list",
  ).action(run(acknowledge));
  describe(
    inbox.command("sent"),
    "list what you sent, and who has read it when",
    "suar inbox sent",
    "suar inbox withdraw SUBMISSION",
  ).action(run(listSent));
  describe(
    inbox.command("withdraw").argument("<submission>", "as suar inbox sent lists it"),
    "take back what you sent: its content is erased from every inbox",
    "suar inbox withdraw SUBMISSION",
    "suar inbox sent",
  ).action(run(withdraw));
}

async function list(context: Context, options: { state?: string }): Promise<undefined> {
  const state = InboxItemState.optional().safeParse(options.state);
  if (!state.success) throw new UsageError(`--state is one of ${InboxItemState.options.join(", ")}`);
  const items = await collect((await context.client()).inbox.list(state.data));
  await context.terminal.show(items, () =>
    table(
      ["id", "from", "received", "objects", "state"],
      items.map((item) => [item.id, item.producer, item.receivedAt, item.objects, stateOf(item)]),
    ),
  );
  const owed = items.filter((item) => item.state === "withdrawn").map(({ id }) => id);
  if (owed.length > 0)
    context.terminal.note(
      `${owed.length} taken back: suar inbox ack --withdrawal ${owed.slice(0, 10).join(" ")}`,
    );
  return undefined;
}

type LetterState = Pick<InboxItem, "state" | "acknowledgedAt" | "withdrawnAt" | "withdrawalAcknowledgedAt">;

function stateOf({ state, acknowledgedAt, withdrawnAt, withdrawalAcknowledgedAt }: LetterState): string {
  if (state === "withdrawn") return `withdrawn at ${withdrawnAt}, to be acknowledged`;
  if (state === "withdrawal-acknowledged") return `withdrawal acknowledged at ${withdrawalAcknowledgedAt}`;
  return state === "acknowledged" ? `acknowledged at ${acknowledgedAt}` : state;
}

async function read(context: Context, id: string): Promise<undefined> {
  const item = await (await context.client()).inbox.read(id);
  await context.terminal.show(item, () =>
    [
      `TLP:RED, for you alone, from ${item.producer} at ${item.receivedAt}, ${stateOf(item)}`,
      ...item.content.map((object) => `  ${object.type}  ${describeObject(object)}`),
    ].join("\n"),
  );
  context.terminal.note("-- all of it: with --json");
  context.terminal.next(`suar inbox ack ${item.state === "withdrawn" ? "--withdrawal " : ""}${id}`);
  return undefined;
}

async function acknowledge(
  context: Context,
  ids: string[],
  { withdrawal }: { withdrawal?: true },
): Promise<undefined> {
  const client = await context.client();
  for (const id of ids) {
    const item = await client.inbox.acknowledge(id, { withdrawal });
    await context.terminal.show(item, () => `${item.id} ${stateOf(item)}`);
  }
  return undefined;
}

async function listSent(context: Context): Promise<undefined> {
  const sent = await collect((await context.client()).inbox.sent());
  await context.terminal.show(sent, () =>
    table(
      ["submission", "sent", "to", "organisation", "objects", "reads", "last read", "acknowledged", "state"],
      sent.flatMap(rowsOf),
    ),
  );
  return undefined;
}

function rowsOf({ id, sentAt, withdrawnAt, changed, to }: SentRed): (string | number | null)[][] {
  if (changed) return [[id, sentAt, "?", "?", null, null, null, null, "changed by somebody"]];
  return to.map((one) => [
    id,
    sentAt,
    one.title ?? one.person,
    one.organisation,
    one.objects,
    one.reads,
    one.readAt[0] ?? null,
    one.acknowledgedAt,
    stateOfSent(withdrawnAt, one),
  ]);
}

function stateOfSent(withdrawnAt: string | null, { open, withdrawalAcknowledgedAt }: SentTo): string {
  if (withdrawalAcknowledgedAt !== null) return `withdrawal acknowledged at ${withdrawalAcknowledgedAt}`;
  if (!open) return withdrawnAt === null ? "closed" : "withdrawn, closed";
  return withdrawnAt === null ? "open" : "withdrawn, not acknowledged";
}

async function withdraw(context: Context, submission: string): Promise<undefined> {
  const done = await (await context.client()).inbox.withdraw(submission);
  await context.terminal.show(done, () => `withdrawn ${done.id} from ${done.to.length} people`);
  return undefined;
}
