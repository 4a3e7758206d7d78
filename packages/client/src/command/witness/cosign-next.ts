import {
  cosignNote,
  formatNote,
  fromBase64,
  type OpenedCheckpoint,
  openCheckpoint,
  type SignerKey,
  sameHash,
  type VerifierKey,
  verifyConsistency,
} from "@suar/merkle";
import type { Tlog } from "../../resources/tlog.ts";
import { readState, writeState } from "./witness-state.ts";

export type Witness = { key: SignerKey; logKey: VerifierKey; stateFile: string };

/** Why a witness refuses to cosign, for good: what a log must never do, or somebody in its place. */
export type RefusalReason = "bad-signature" | "rollback" | "split-view" | "inconsistent";

export class WitnessRefusal extends Error {
  override readonly name = "WitnessRefusal";
  readonly reason: RefusalReason;
  /** Everything that shows it to others: signed notes and proofs, as they came. */
  readonly evidence: Record<string, unknown>;

  constructor(reason: RefusalReason, message: string, evidence: Record<string, unknown>) {
    super(message);
    this.reason = reason;
    this.evidence = evidence;
  }
}

/** `behind`: an earlier checkpoint than the one cosigned before was offered, of the same history. */
export type Step = { did: "cosigned" | "nothing" | "behind"; size: number };

/**
 * Looks at the checkpoint that the log wants to have witnessed, and cosigns it where its log begins with the one
 * that was cosigned last. What is cosigned is kept before it leaves (C2SP tlog-cosignature: "the largest size the
 * cosigner has observed"). Throws a `WitnessRefusal` for what no honest log does.
 */
export async function cosignNext(tlog: Tlog, witness: Witness, signal?: AbortSignal): Promise<Step> {
  const kept = await readState(witness.stateFile, witness.logKey);
  const text = await tlog.checkpoint("for-witness", signal);
  const offered = openOffered(text, witness, kept);
  const { size } = offered.checkpoint;
  if (kept !== undefined && size < kept.checkpoint.size) {
    await checkBehind(tlog, witness, kept, offered, signal);
    return { did: "behind", size };
  }
  if (kept !== undefined) await checkSuccessor(tlog, kept, offered, signal);
  if (kept === undefined || size > kept.checkpoint.size) await writeState(witness.stateFile, text);
  if (offered.signed.some(({ key }) => key.id === witness.key.id)) return { did: "nothing", size };
  const cosignature = cosignNote(offered.note.text, witness.key, Math.floor(Date.now() / 1_000));
  const logLines = offered.note.signatures.filter(({ id }) => id === witness.logKey.id);
  await tlog.cosign(formatNote({ text: offered.note.text, signatures: [...logLines, cosignature] }), signal);
  return { did: "cosigned", size };
}

function openOffered(
  text: string,
  { key, logKey }: Witness,
  kept: OpenedCheckpoint | undefined,
): OpenedCheckpoint {
  const opened = openCheckpoint(text, [logKey], [key.verifier]);
  if (opened !== undefined && opened.checkpoint.origin === logKey.name) return opened;
  const message = `what was offered is no checkpoint of ${logKey.name}, or not signed by its key`;
  throw new WitnessRefusal("bad-signature", message, { kept: textOf(kept), offered: text });
}

async function checkSuccessor(
  tlog: Tlog,
  kept: OpenedCheckpoint,
  offered: OpenedCheckpoint,
  signal: AbortSignal | undefined,
): Promise<void> {
  const [old, young] = [kept.checkpoint, offered.checkpoint];
  const evidence = { kept: textOf(kept), offered: textOf(offered) };
  if (old.size === young.size) {
    if (sameHash(old.root, young.root)) return;
    throw new WitnessRefusal("split-view", `two logs of ${old.size} entries are signed by one key`, evidence);
  }
  const proof = old.size === 0 ? [] : await tlog.consistency(old.size, young.size, signal);
  const hashes = proof.map((hash) => fromBase64(hash) ?? new Uint8Array());
  if (verifyConsistency(old.size, young.size, hashes, old.root, young.root)) return;
  const message = `the log of ${young.size} entries is not shown to begin with the log of ${old.size} that was cosigned`;
  throw new WitnessRefusal("inconsistent", message, { ...evidence, proof });
}

/** An earlier checkpoint may be asked for a while longer, where the log has not shrunk and it is of one history. */
async function checkBehind(
  tlog: Tlog,
  { logKey }: Witness,
  kept: OpenedCheckpoint,
  offered: OpenedCheckpoint,
  signal: AbortSignal | undefined,
): Promise<void> {
  const text = await tlog.checkpoint("newest", signal);
  const newest = openCheckpoint(text, [logKey]);
  if (newest === undefined || newest.checkpoint.size < kept.checkpoint.size) {
    const message = `the log has shrunk: ${newest?.checkpoint.size ?? "no"} entries, where ${kept.checkpoint.size} were cosigned`;
    throw new WitnessRefusal("rollback", message, {
      kept: textOf(kept),
      offered: textOf(offered),
      newest: text,
    });
  }
  await checkSuccessor(tlog, offered, kept, signal);
}

function textOf(opened: OpenedCheckpoint | undefined): string | null {
  return opened === undefined ? null : formatNote(opened.note);
}
