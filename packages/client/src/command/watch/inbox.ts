import type { OpenedInboxItem, SentRed } from "@suar/contract";
import type { Command } from "commander";
import { collect } from "../shell/collect.ts";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { table } from "../shell/terminal.ts";
import { describeObject } from "./describe-item.ts";

/** TLP:RED, for people who are signed in by a link. */
export function addInboxCommands(program: Command): void {
  const inbox = program
    .command("inbox")
    .description("TLP:RED for you alone; sign in with suar login --link first");
  describe(
    inbox.command("list"),
    "list what is in it, without its content",
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
    inbox.command("ack").argument("<ids...>", "items"),
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

async function list(context: Context): Promise<undefined> {
  const items = await collect((await context.client()).inbox.list());
  await context.terminal.show(items, () =>
    table(
      ["id", "from", "received", "objects", "state"],
      items.map((item) => [item.id, item.producer, item.receivedAt, item.objects, stateOf(item)]),
    ),
  );
  return undefined;
}

type State = Pick<OpenedInboxItem, "unread" | "acknowledgedAt" | "withdrawnAt">;

function stateOf({ unread, acknowledgedAt, withdrawnAt }: State): string {
  if (withdrawnAt !== null) return `withdrawn at ${withdrawnAt}`;
  if (acknowledgedAt !== null) return `acknowledged at ${acknowledgedAt}`;
  return unread ? "unread" : "read";
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
  context.terminal.next(`suar inbox ack ${id}`);
  return undefined;
}

async function acknowledge(context: Context, ids: string[]): Promise<undefined> {
  const client = await context.client();
  for (const id of ids) {
    const item = await client.inbox.acknowledge(id);
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
    withdrawnAt !== null ? "withdrawn" : one.open ? "open" : "closed",
  ]);
}

async function withdraw(context: Context, submission: string): Promise<undefined> {
  const done = await (await context.client()).inbox.withdraw(submission);
  await context.terminal.show(done, () => `withdrawn ${done.id} from ${done.to.length} people`);
  return undefined;
}
