import { fromBase64, toBase64 } from "../base64.ts";
import { requireHash } from "../hash.ts";
import { GROUP_NAMES, type GroupName, groupCommitment } from "../leaf/commitment.ts";
import { isEntryHead } from "../leaf/entry-leaf.ts";
import { DEEPEST_RECIPIENTS, type RecipientProof } from "../leaf/recipients.ts";
import { fieldsOf, hashOf, listOf, Malformed, numberOf, type Read, readDocument, textOf } from "../shape.ts";

/** A group that is opened to the receipt's holder, and one that is not. Hashes and salts are Base64. */
export type OpenedGroup = { value: string; salt: string };
export type SealedGroup = { commitment: string };

/** What a member holds of an entry: everything that is needed to show, offline, that it was logged. */
export type Receipt = {
  schema: typeof RECEIPT_SCHEMA;
  origin: string;
  seq: number;
  loggedAt: string;
  kind: string;
  groups: Record<GroupName, OpenedGroup | SealedGroup>;
  /** That the holder is one of those of group `to`. */
  recipient?: RecipientProof;
  /** C2SP tlog-proof: index, inclusion, and the signed and cosigned checkpoint. */
  proof: string;
};

export const RECEIPT_SCHEMA = "suar/receipt/1";

const LONGEST_RECEIPT = 2 * 1024 * 1024;
const LONGEST_VALUE = 256 * 1024;
const LONGEST_PROOF = 768 * 1024;

/** Reads the text of a receipt, strictly: a field too many is an error. Nothing in it is verified. */
export function parseReceipt(text: string): Read<Receipt> {
  return readDocument(text, LONGEST_RECEIPT, readReceipt);
}

function readReceipt(value: unknown): Receipt {
  const names = ["schema", "origin", "seq", "loggedAt", "kind", "groups", "recipient?", "proof"];
  const fields = fieldsOf(value, "", names);
  if (fields.schema !== RECEIPT_SCHEMA) throw new Malformed("/schema", `not ${RECEIPT_SCHEMA}`);
  const head = {
    origin: textOf(fields.origin, "/origin", 255),
    seq: numberOf(fields.seq, "/seq"),
    loggedAt: textOf(fields.loggedAt, "/loggedAt", 27),
    kind: textOf(fields.kind, "/kind", 64),
  };
  if (!isEntryHead(head)) throw new Malformed("", "origin, seq, loggedAt and kind are not those of an entry");
  const groups = fieldsOf(fields.groups, "/groups", GROUP_NAMES);
  const read = GROUP_NAMES.map((name) => [name, readGroup(groups[name], `/groups/${name}`)] as const);
  return {
    schema: RECEIPT_SCHEMA,
    ...head,
    groups: Object.fromEntries(read) as Receipt["groups"],
    ...(fields.recipient !== undefined && { recipient: readRecipient(fields.recipient) }),
    proof: textOf(fields.proof, "/proof", LONGEST_PROOF),
  };
}

function readGroup(value: unknown, at: string): OpenedGroup | SealedGroup {
  const given = fieldsOf(value, at, [], "open");
  if (Object.hasOwn(given, "commitment")) {
    const { commitment } = fieldsOf(value, at, ["commitment"]);
    return { commitment: toBase64(hashOf(commitment, `${at}/commitment`)) };
  }
  const { value: text, salt } = fieldsOf(value, at, ["value", "salt"]);
  return {
    value: textOf(text, `${at}/value`, LONGEST_VALUE),
    salt: toBase64(hashOf(salt, `${at}/salt`)),
  };
}

function readRecipient(value: unknown): RecipientProof {
  const at = "/recipient";
  const fields = fieldsOf(value, at, ["organisation", "salt", "index", "proof"]);
  return {
    organisation: textOf(fields.organisation, `${at}/organisation`, 255),
    salt: toBase64(hashOf(fields.salt, `${at}/salt`)),
    index: numberOf(fields.index, `${at}/index`),
    proof: listOf(fields.proof, `${at}/proof`, DEEPEST_RECIPIENTS, (one, where) =>
      toBase64(hashOf(one, where)),
    ),
  };
}

/** The commitment of a group as it stands in a receipt that `parseReceipt` has read. */
export function commitmentOf(name: GroupName, group: OpenedGroup | SealedGroup): Uint8Array {
  if ("commitment" in group) return requireHash(fromBase64(group.commitment));
  return groupCommitment(name, { value: group.value, salt: requireHash(fromBase64(group.salt)) });
}
