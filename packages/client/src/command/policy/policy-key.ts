import type { PolicyKey } from "@suar/contract";
import type { Command } from "commander";
import { collect } from "../shell/collect.ts";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { table } from "../shell/terminal.ts";
import { makePolicyKey, readPolicyKey } from "./policy-key-file.ts";

export function addPolicyKeyCommands(program: Command): void {
  const keys = program
    .command("policy-key")
    .description("the keys that members sign policies with; private halves stay on their own machines");
  describe(
    keys.command("new").argument("<file>", "where to write the private key"),
    "make a key on this machine, for its owner alone to read",
    "suar policy-key new policy.pem",
    "suar policy-key register policy.pem --label office",
  ).action(run(make));
  describe(
    keys
      .command("register")
      .argument("<file>", "the private key; only its public half is sent")
      .requiredOption("--label <text>", "what to call it"),
    "register your member's public key; it waits for an officer of another member",
    "suar policy-key register policy.pem --label office",
    "tell the other member the id over another way, for: suar policy-key confirm ID",
  ).action(run(register));
  describe(keys.command("list"), "list all members' keys", "suar policy-key list", "suar policy list").action(
    run(list),
  );
  describe(
    keys.command("confirm").argument("<id>", "the key's id, as its member told it"),
    "confirm another member's key",
    "suar policy-key confirm 0123456789abcdef",
    "suar policy-key list",
  ).action(
    run(async (context, id: string) => show(context, await (await context.client()).policies.confirmKey(id))),
  );
  describe(
    keys.command("revoke").argument("<id>", "the key's id"),
    "revoke a key of your member; what it signed stays in force",
    "suar policy-key revoke 0123456789abcdef",
    "suar policy-key list",
  ).action(
    run(async (context, id: string) => show(context, await (await context.client()).policies.revokeKey(id))),
  );
}

async function make(context: Context, file: string): Promise<undefined> {
  const { publicKey } = await makePolicyKey(file);
  await context.terminal.show({ file, publicKey }, () => publicKey);
  context.terminal.next(`suar policy-key register ${file} --label office`);
  return undefined;
}

async function register(context: Context, file: string, { label }: { label: string }): Promise<undefined> {
  const { publicKey } = await readPolicyKey(file);
  return await show(context, await (await context.client()).policies.addKey(publicKey, label));
}

async function list(context: Context): Promise<undefined> {
  const keys = await collect((await context.client()).policies.keys());
  await context.terminal.show(keys, () =>
    table(
      ["id", "member", "state", "label", "public key"],
      keys.map((key) => [key.id, key.member, key.state, key.label, key.publicKey]),
    ),
  );
  return undefined;
}

async function show(context: Context, key: PolicyKey): Promise<undefined> {
  await context.terminal.show(key, () => `${key.id} of ${key.member}, ${key.state}: ${key.label}`);
  return undefined;
}
