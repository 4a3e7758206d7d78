import type { Key } from "@suar/contract";
import type { Command } from "commander";
import { wholeNumber } from "../options/number-option.ts";
import { rolesOf } from "../options/roles.ts";
import { collect } from "../shell/collect.ts";
import { type Context, run } from "../shell/context.ts";
import { table } from "../shell/terminal.ts";

export function addKeyCommands(program: Command): void {
  const keys = program.command("keys").description("machine keys");
  keys
    .command("list")
    .description("list the keys that you may manage")
    .addHelpText(
      "after",
      "\nExample:\n  $ suar keys list\n\nNext: suar keys create --roles subscriber --label feed",
    )
    .action(run(list));
  keys
    .command("create")
    .description("issue a machine key; it is shown once, on stdout")
    .requiredOption("--roles <list>", "analyst, subscriber, coordinator, officer")
    .requiredOption("--label <text>", "what it is for")
    .option("--for <code>", "organisation: your member or one of its agencies (SG:power-grid)")
    .option("--days <n>", "how long it is valid, at most 90", wholeNumber(1, 90))
    .option(
      "--second-person",
      "somebody else than you will hold it, and count beside you where two have to agree; it waits for another member's word",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  $ suar keys create --roles subscriber --label feed --for SG:power-grid > key.txt\n  $ suar keys create --roles officer --label deputy --second-person > key.txt    signed in as that person\n\nNext: suar login --token-stdin --profile feed < key.txt",
    )
    .action(run(create));
  keys
    .command("confirm")
    .description("confirm another member's key that waits: its first officer's, or a second person's")
    .argument("<id>", "the key's id, told by the other member itself")
    .addHelpText("after", "\nExample:\n  $ suar keys confirm ID\n\nNext: tell the other member")
    .action(run(confirm));
  keys
    .command("revoke")
    .description("revoke a key; its open streams close within five seconds")
    .argument("<id>", "the key's id, not the key")
    .addHelpText("after", "\nExample:\n  $ suar keys revoke ID\n\nNext: suar keys list")
    .action(run(revoke));
}

async function list(context: Context): Promise<undefined> {
  const keys = await collect((await context.client()).identity.keys());
  const row = (key: Key) => [
    key.id,
    key.organisation,
    key.roles.join(","),
    key.label,
    key.realm,
    key.expiresAt.slice(0, 10),
    stateOf(key),
  ];
  await context.terminal.show(keys, () =>
    table(["id", "organisation", "roles", "label", "realm", "expires", "state"], keys.map(row)),
  );
  if (keys.some((key) => stateOf(key) === WAITS))
    context.terminal.note(
      "a key that waits opens nothing until an officer of another member runs: suar keys confirm ID",
    );
  return undefined;
}

const WAITS = "waits";

function stateOf(key: Key): string {
  if (key.revokedAt) return `revoked ${key.revokedAt}`;
  if (new Date(key.expiresAt) <= new Date()) return "expired";
  return key.waits ? WAITS : "good";
}

type Options = { roles: string; label: string; for?: string; days?: number; secondPerson?: true };

async function create(context: Context, options: Options): Promise<undefined> {
  const client = await context.client();
  const issued = await client.identity.createKey({
    roles: rolesOf(options.roles),
    label: options.label,
    organisation: options.for,
    days: options.days,
    secondPerson: options.secondPerson,
  });
  context.terminal.note(
    `key ${issued.id} of ${issued.organisation}, until ${issued.expiresAt}; it is not shown again:`,
  );
  await context.terminal.show(issued, () => issued.key);
  if (issued.waits)
    context.terminal.note(`it waits until an officer of another member runs: suar keys confirm ${issued.id}`);
  return undefined;
}

async function confirm(context: Context, id: string): Promise<undefined> {
  const key = await (await context.client()).identity.confirmKey(id);
  await context.terminal.show(key, () => `key ${key.id} of ${key.organisation} is good now`);
  return undefined;
}

async function revoke(context: Context, id: string): Promise<undefined> {
  const key = await (await context.client()).identity.revokeKey(id);
  await context.terminal.show(key, () => `key ${key.id} (${key.label}) revoked at ${key.revokedAt}`);
  return undefined;
}
