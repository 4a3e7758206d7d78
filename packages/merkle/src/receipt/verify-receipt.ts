import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { parseTlogProof, type TlogProof } from "../checkpoint/tlog-proof.ts";
import {
  isOfLog,
  lackingQuorum,
  openUnderPolicy,
  type PolicyCheckpoint,
  type WitnessPolicy,
} from "../checkpoint/witness-policy.ts";
import { commitGroups, GROUP_NAMES, type GroupName } from "../leaf/commitment.ts";
import { type EntryHead, entryLeaf } from "../leaf/entry-leaf.ts";
import { bodyHash, readBy, readSent, readTo, type Sent } from "../leaf/group-values.ts";
import { verifyRecipient } from "../leaf/recipients.ts";
import { Malformed } from "../shape.ts";
import { verifyInclusion } from "../tree/inclusion.ts";
import { commitmentOf, type Receipt } from "./receipt.ts";

/** Every way in which a receipt fails to show what it says. */
export type ReceiptFailure =
  | "bad-proof"
  | "bad-checkpoint"
  | "unknown-log"
  | "too-few-witnesses"
  | "wrong-place"
  | "not-included"
  | "bad-group"
  | "not-a-recipient"
  | "other-body";

/** What a receipt has shown. */
export type VerifiedReceipt = {
  head: EntryHead;
  leaf: Uint8Array;
  proof: TlogProof;
  checkpoint: Checkpoint;
  /** Members that cosigned the checkpoint. */
  members: readonly string[];
  /** The values of the groups that are open. */
  values: Partial<Record<GroupName, string>>;
  sent: Sent;
  originator: string | undefined;
  /** The organisation of which it is shown that the entry went to it. */
  recipient: string | undefined;
};

export type VerifiedResult =
  | { ok: true; receipt: VerifiedReceipt }
  | { ok: false; code: ReceiptFailure; message: string };

export type VerifyOptions = {
  policy: WitnessPolicy;
  /** The bytes of the body that came with the entry. */
  body?: Uint8Array | string | undefined;
  /** The organisation that must be shown to be a recipient, or the originator. */
  organisation?: string | undefined;
  /** POSIX seconds. */
  now?: number | undefined;
  /** Checkpoints that were opened before, by their text: many receipts stand under one. */
  opened?: Map<string, PolicyCheckpoint | undefined>;
};

class Failed extends Error {
  readonly code: ReceiptFailure;

  constructor(code: ReceiptFailure, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Does the receipt show that its entry is in a log that enough witnesses saw? In five steps: the checkpoint is
 * signed and cosigned; the entry is one of that log, in the place of its number; its leaf, made of all six groups,
 * is in the tree; the open groups say of it what its head says; and the body and the recipient are those of the
 * groups. Offline, and without an exception for any receipt that `parseReceipt` has read.
 */
export function verifyReceipt(receipt: Receipt, options: VerifyOptions): VerifiedResult {
  try {
    return { ok: true, receipt: verified(receipt, options) };
  } catch (error) {
    if (error instanceof Failed) return { ok: false, code: error.code, message: error.message };
    if (error instanceof Malformed)
      return { ok: false, code: "bad-group", message: `${error.at}: ${error.message}` };
    throw error;
  }
}

function verified(receipt: Receipt, options: VerifyOptions): VerifiedReceipt {
  const proof = parseTlogProof(receipt.proof);
  if (proof === undefined) throw new Failed("bad-proof", "its proof is none of C2SP tlog-proof");
  const opened = checkCheckpoint(proof, options);
  const { checkpoint, log, members } = opened;
  const { origin, seq, loggedAt, kind } = receipt;
  const head = { origin, seq, loggedAt, kind };
  if (!isOfLog(options.policy, log, origin))
    throw new Failed("unknown-log", `${origin} is no log whose tree ${log.origin} goes on writing`);
  if (proof.index !== seq - 1)
    throw new Failed("wrong-place", `entry ${seq} is said to be leaf ${proof.index}, and not ${seq - 1}`);
  const leaf = entryLeaf(head, commitGroups(commitmentsOf(receipt.groups)));
  if (!verifyInclusion(leaf, proof.index, checkpoint.size, proof.hashes, checkpoint.root))
    throw new Failed("not-included", `what it says of entry ${seq} is not what the log holds`);
  const values = openValues(receipt.groups);
  const sent = checkSent(values, head, options.body);
  const originator = values.by === undefined ? undefined : readBy(values.by);
  const wanted = options.organisation === originator ? undefined : options.organisation;
  const recipient = checkRecipient(receipt, values, wanted);
  return { head, leaf, proof, checkpoint, members, values, sent, originator, recipient };
}

function checkCheckpoint(
  { checkpoint }: TlogProof,
  { policy, now, opened }: VerifyOptions,
): PolicyCheckpoint {
  const known = opened?.has(checkpoint) ? opened.get(checkpoint) : openUnderPolicy(checkpoint, policy, now);
  opened?.set(checkpoint, known);
  if (known === undefined)
    throw new Failed("bad-checkpoint", "its checkpoint is signed by no log of the policy, or was changed");
  const lacking = lackingQuorum(policy, known.members);
  if (lacking !== undefined) throw new Failed("too-few-witnesses", lacking);
  return known;
}

function commitmentsOf(groups: Receipt["groups"]): Record<GroupName, Uint8Array> {
  const commitments = GROUP_NAMES.map((name) => [name, commitmentOf(name, groups[name])] as const);
  return Object.fromEntries(commitments) as Record<GroupName, Uint8Array>;
}

function openValues(groups: Receipt["groups"]): VerifiedReceipt["values"] {
  const open = GROUP_NAMES.flatMap((name) => {
    const group = groups[name];
    return "commitment" in group ? [] : [[name, group.value] as const];
  });
  return Object.fromEntries(open);
}

/** The entry's kind stands in the clear and in `sent`: a log that says two things says nothing. */
function checkSent(values: VerifiedReceipt["values"], head: EntryHead, body: VerifyOptions["body"]): Sent {
  if (values.sent === undefined) throw new Failed("bad-group", "what was sent is not opened");
  const sent = readSent(values.sent);
  if (sent.kind !== head.kind) throw new Failed("bad-group", `sent as ${sent.kind}, logged as ${head.kind}`);
  if (body !== undefined && bodyHash(body) !== sent.sha256)
    throw new Failed("other-body", `the body is not the one that entry ${head.seq} was sent with`);
  return sent;
}

function checkRecipient(
  { recipient }: Receipt,
  values: VerifiedReceipt["values"],
  organisation: string | undefined,
): string | undefined {
  if (recipient === undefined) {
    if (organisation === undefined) return undefined;
    throw new Failed("not-a-recipient", `nothing shows that it went to ${organisation}`);
  }
  if (values.to === undefined)
    throw new Failed("bad-group", "a recipient is named, and group to is not opened");
  const isShown = verifyRecipient(recipient, readTo(values.to));
  if (!isShown || (organisation !== undefined && organisation !== recipient.organisation))
    throw new Failed(
      "not-a-recipient",
      `it does not show that it went to ${organisation ?? recipient.organisation}`,
    );
  return recipient.organisation;
}
