import { hash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  formatSignerKey,
  formatVerifierKey,
  parseSignerKey,
  parseVerifierKey,
  provePossession,
  SIGNATURE_TYPE,
  type SignerKey,
  signerKey,
  type VerifierKey,
} from "@suar/merkle";
import type { Command } from "commander";
import type { SuarClient } from "../../client.ts";
import { SuarError } from "../../error.ts";
import { backoffMs, mayHelp } from "../../retry.ts";
import { wholeNumber } from "../options/number-option.ts";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { EXIT, UsageError } from "../shell/exit-codes.ts";
import { configFolder, makeFolderOf, writeAtomically } from "../shell/profiles.ts";
import { readText } from "../shell/read-text.ts";
import { cosignNext, type Step, type Witness, WitnessRefusal } from "./cosign-next.ts";
import { lockFile } from "./state-lock.ts";
import { addWitnessKeyCommands } from "./witness-keys.ts";

/** A member's witness: it sees to it that the log only ever grows, and says so under its own key. */
export function addWitnessCommands(program: Command): void {
  const witness = program
    .command("witness")
    .description("watch over the log for your member: check that it only grows, and cosign its checkpoints");
  describe(
    witness
      .command("init")
      .requiredOption("--name <name>", "the key's name, such as witness.cert.example")
      .option("--key-file <file>", "where the key goes (default: witness.key beside the profiles)"),
    "make the witness's key, and print what the platform and other members are to be told",
    "suar witness init --name witness.cert.example",
    "suar witness prove --member SG; then suar witness --log-key KEY",
  ).action(run(init));
  describe(
    witness
      .command("prove")
      .requiredOption("--member <code>", "the member whose witness it is")
      .option("--key-file <file>", "the witness's key (default: witness.key beside the profiles)"),
    "print the key's own word for your member, without which nobody can register it",
    "suar witness prove --member SG",
    "suar witness register KEY PROOF, as your member's officer",
  ).action(run(prove));
  witness
    .command("run", { isDefault: true })
    .description("check and cosign checkpoints until it is stopped (what suar witness does)")
    .requiredOption("--log-key <key>", "the log's verifier key, as other members know it, too")
    .option("--key-file <file>", "the witness's key (default: witness.key beside the profiles)")
    .option("--state <file>", "what was cosigned last (default: beside the key)")
    .option("--evidence <folder>", "where a refusal's evidence goes (default: the state's folder)")
    .option("--every <seconds>", "how often to look, from 1 to 3600", wholeNumber(1, 3_600), 3)
    .option("--once", "look once")
    .addHelpText(
      "after",
      `
Example:
  $ suar witness --log-key 'suar.example/live+1f2e3d4c+AX…'

Exit codes: 5 the log did what a log must never do; the evidence is kept, and the witness
cosigns nothing more until somebody has looked. Never delete its state to go on.`,
    )
    .action(run(watchLog));
  addWitnessKeyCommands(witness);
}

type InitOptions = { name: string; keyFile?: string };

async function init(context: Context, options: InitOptions): Promise<undefined> {
  const file = options.keyFile ?? defaultKeyFile();
  const key = newKey(options.name);
  await makeFolderOf(file);
  try {
    await writeFile(file, `${formatSignerKey(key)}\n`, { flag: "wx", mode: 0o600, flush: true });
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
    throw new UsageError(`${file} is there already; a witness keeps its key`, { cause });
  }
  const verifier = formatVerifierKey(key.verifier);
  await context.terminal.show({ name: key.name, verifierKey: verifier, file }, () => verifier);
  context.terminal.note(`the key is in ${file}: keep it to the witness alone`);
  return undefined;
}

async function prove(context: Context, options: { member: string; keyFile?: string }): Promise<undefined> {
  const key = await readKey(options.keyFile ?? defaultKeyFile());
  const proof = provePossession(key, options.member, Math.floor(Date.now() / 1_000));
  await context.terminal.show({ member: options.member, proof }, () => proof);
  return undefined;
}

function newKey(name: string): SignerKey {
  try {
    return signerKey(name, SIGNATURE_TYPE.cosignature);
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

type RunOptions = {
  logKey: string;
  keyFile?: string;
  state?: string;
  evidence?: string;
  every: number;
  once?: boolean;
};

async function watchLog(context: Context, options: RunOptions): Promise<number> {
  const keyFile = options.keyFile ?? defaultKeyFile();
  const stateFile = options.state ?? `${keyFile}.state.json`;
  const witness: Witness = { key: await readKey(keyFile), logKey: readLogKey(options.logKey), stateFile };
  using _lock = await lockFile(`${stateFile}.lock`);
  const client = await context.client();
  const signal = context.interruption();
  try {
    if (options.once !== true) return await cosignOn(context, client, witness, options.every * 1_000, signal);
    await tell(context, await cosignNext(client.tlog, witness, signal));
    return EXIT.ok;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    if (!(error instanceof WitnessRefusal)) throw error;
    return await refuse(context, error, options.evidence ?? dirname(stateFile));
  }
}

async function cosignOn(
  context: Context,
  client: SuarClient,
  witness: Witness,
  everyMs: number,
  signal: AbortSignal,
): Promise<number> {
  for (let failures = 0; !signal.aborted; ) {
    try {
      const step = await cosignNext(client.tlog, witness, signal);
      failures = 0;
      if (step.did === "cosigned") await tell(context, step);
    } catch (error) {
      if (!(error instanceof SuarError) || !isPassing(error)) throw error;
      failures += 1;
      process.stderr.write(`suar: ${error.message} (${error.code}); trying again\n`);
    }
    const pause =
      failures === 0 ? everyMs : Math.max(everyMs, backoffMs(failures, { baseMs: 1_000, longestMs: 60_000 }));
    await sleep(pause, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
  return EXIT.interrupted;
}

/** The network, or a checkpoint that is not asked for any more when its cosignature comes in. */
function isPassing(error: SuarError): boolean {
  return mayHelp(error) || error.status === 409 || error.status === 422 || (error.status ?? 0) >= 500;
}

async function tell({ terminal }: Context, step: Step): Promise<void> {
  const words = {
    cosigned: "cosigned",
    nothing: "nothing new at",
    behind: "nothing new; offered the earlier",
  };
  await terminal.show(step, () => `${words[step.did]} ${step.size} entries`);
}

async function refuse(context: Context, error: WitnessRefusal, folder: string): Promise<number> {
  const at = new Date().toISOString();
  const { reason, message, evidence } = error;
  // The same evidence, found again after a restart, goes into the same file.
  const name = hash("sha256", JSON.stringify(evidence)).slice(0, 16);
  const file = join(folder, `witness-evidence-${reason}-${name}.json`);
  const document = { schema: "suar/witness-evidence/1", at, reason, message, ...evidence };
  await writeAtomically(file, `${JSON.stringify(document, null, 2)}\n`, true);
  if (context.terminal.json) await context.terminal.printJson({ refused: reason, message, evidence: file });
  process.stderr.write(
    `suar: REFUSED TO COSIGN (${reason}): ${message}\n  the evidence is in ${file}; tell the other members\n`,
  );
  return EXIT.refused;
}

async function readKey(file: string): Promise<SignerKey> {
  const key = parseSignerKey((await readText(file)).trim());
  if (key?.type === SIGNATURE_TYPE.cosignature) return key;
  throw new UsageError(`${file} holds no witness's key; suar witness init makes one`);
}

function readLogKey(text: string): VerifierKey {
  const key = parseVerifierKey(text.trim());
  if (key?.type === SIGNATURE_TYPE.ed25519) return key;
  throw new UsageError(
    "--log-key takes the verifier key of a log: its origin, eight digits, and Base64, with + between",
  );
}

function defaultKeyFile(): string {
  return join(configFolder(), "witness.key");
}
