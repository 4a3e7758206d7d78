import type { Witness } from "@suar/contract";
import type { Command } from "commander";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { table } from "../shell/terminal.ts";

/** Which key a member's witness has, as the platform and the other members are told. */
export function addWitnessKeyCommands(witness: Command): void {
  describe(
    witness.command("list"),
    "list the keys of the members' witnesses",
    "suar witness list",
    "compare them with what the members themselves say",
  ).action(run(list));
  describe(
    witness
      .command("register")
      .argument("<key>", "the verifier key that suar witness init printed")
      .argument("<proof>", "what suar witness prove printed"),
    "register the key of your member's witness (officer); the one before it is revoked",
    "suar witness register 'witness.cert.example+1f2e3d4c+BA…' AAAA…",
    "suar witness --log-key KEY",
  ).action(run(register));
  describe(
    witness.command("revoke"),
    "revoke the key of your member's witness (officer)",
    "suar witness revoke",
    "suar witness init",
  ).action(run(revoke));
}

async function list(context: Context): Promise<undefined> {
  const witnesses = await (await context.client()).tlog.witnesses();
  const row = ({ member, vkey, registeredAt, revokedAt }: Witness) => [
    member,
    vkey,
    registeredAt,
    revokedAt === null ? "good" : `revoked ${revokedAt}`,
  ];
  await context.terminal.show(witnesses, () =>
    table(["member", "key", "registered", "state"], witnesses.map(row)),
  );
  return undefined;
}

async function register(context: Context, key: string, proof: string): Promise<undefined> {
  const witness = await (await context.client()).tlog.registerWitness(key, proof);
  await context.terminal.show(witness, () => `${witness.member} cosigns with ${witness.vkey}`);
  return undefined;
}

async function revoke(context: Context): Promise<undefined> {
  const witness = await (await context.client()).tlog.revokeWitness();
  await context.terminal.show(
    witness,
    () => `${witness.vkey} of ${witness.member} revoked at ${witness.revokedAt}`,
  );
  return undefined;
}
