import { toBase64 } from "../base64.ts";
import { type Checkpoint, formatCheckpoint } from "../checkpoint/checkpoint.ts";
import { formatTlogProof } from "../checkpoint/tlog-proof.ts";
import { WITNESS_POLICY_SCHEMA } from "../checkpoint/witness-policy.ts";
import { sha256 } from "../hash.ts";
import {
  commitGroups,
  GROUP_NAMES,
  type GroupName,
  groupCommitment,
  type Opening,
} from "../leaf/commitment.ts";
import { entryLeaf } from "../leaf/entry-leaf.ts";
import { bodyHash, byValue, sentValue, toValue } from "../leaf/group-values.ts";
import { recipientProof, recipientsRoot } from "../leaf/recipients.ts";
import { cosignNote, formatNote, signNote } from "../note/note.ts";
import { formatVerifierKey, SIGNATURE_TYPE, type SignerKey, signerKey } from "../note/note-key.ts";
import { RECEIPT_SCHEMA, type Receipt } from "../receipt/receipt.ts";
import { consistencyProof } from "../tree/consistency.ts";
import { inclusionProof } from "../tree/inclusion.ts";
import { rootOfLeaves } from "../tree/tree.ts";

/**
 * A log in memory with its key and the witnesses of twelve members, for tests of those who verify: it builds what
 * a log and its members would, by the functions of this package, and can be made to lie.
 */
export const MEMBERS = ["BN", "CN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN"] as const;

export type FixtureEntry = {
  seq: number;
  kind: string;
  loggedAt: string;
  body: string;
  to: readonly string[];
  openings: Record<GroupName, Opening>;
};

export type NewEntry = {
  object: { type: string; id: string };
  kind?: string;
  to?: readonly string[];
  by?: string;
  why?: string;
  /** Of a withdrawal, the hash of the version that revokes the object. */
  revocation?: string;
  /** What `sent` says of the kind, where the log lies. */
  saidKind?: string;
};

const BEGINNING = Date.UTC(2026, 0, 1);

export class LogFixture {
  readonly origin: string;
  readonly key: SignerKey;
  readonly witnesses: ReadonlyMap<string, SignerKey>;
  readonly entries: FixtureEntry[] = [];
  readonly leaves: Uint8Array[] = [];

  constructor(origin = "suar.example/live") {
    this.origin = origin;
    this.key = signerKey(origin, SIGNATURE_TYPE.ed25519, seedOf(`log ${origin}`));
    const witness = (member: string) =>
      signerKey(`witness.example/${member}`, SIGNATURE_TYPE.cosignature, seedOf(`witness ${member}`));
    this.witnesses = new Map(MEMBERS.map((member) => [member, witness(member)]));
  }

  append({
    object,
    kind = "released",
    to = ["MY", "SG"],
    by = "SG",
    why = "{}",
    revocation,
    saidKind = kind,
  }: NewEntry): FixtureEntry {
    const seq = this.entries.length + 1;
    const body = JSON.stringify(object);
    const sent = {
      kind: saidKind,
      id: object.id,
      type: object.type,
      sha256: bodyHash(body),
      tlp: "green",
      pap: null,
      revocation,
    };
    const values: Record<GroupName, string> = {
      by: byValue(by),
      from: JSON.stringify({ id: object.id }),
      rules: JSON.stringify({ rules: ["default"] }),
      sent: sentValue(sent),
      to: toValue(recipientsRoot(recipientsOf(to, seq), seedOf(`fill ${seq}`))),
      why,
    };
    const openings = GROUP_NAMES.map((name) => [
      name,
      { value: values[name], salt: seedOf(`${seq} ${name}`) },
    ]);
    const loggedAt = new Date(BEGINNING + seq * 1_000).toISOString().replace("Z", "000Z");
    const entry = { seq, kind, loggedAt, body, to, openings: Object.fromEntries(openings) };
    this.entries.push(entry);
    this.leaves.push(entryLeaf({ origin: this.origin, seq, loggedAt, kind }, commitGroups(entry.openings)));
    return entry;
  }

  head(size = this.leaves.length): Checkpoint {
    return { origin: this.origin, size, root: rootOfLeaves(this.leaves.slice(0, size)) };
  }

  /** The signed checkpoint of a size, with the cosignatures of these members' witnesses. */
  checkpoint(
    size = this.leaves.length,
    members: readonly string[] = MEMBERS,
    time = BEGINNING / 1_000,
  ): string {
    const text = formatCheckpoint(this.head(size));
    const keys = members.flatMap((member) => this.witnesses.get(member) ?? []);
    const cosignatures = keys.map((key) => cosignNote(text, key, time));
    return formatNote({ text, signatures: [signNote(text, this.key), ...cosignatures] });
  }

  /** What `organisation` is given of an entry; the originator is given all of it. */
  receipt(seq: number, organisation: string, checkpoint = this.checkpoint()): Receipt {
    const entry = this.entries[seq - 1];
    if (entry === undefined) throw new Error(`there is no entry ${seq}`);
    const size = Number(checkpoint.split("\n", 2)[1]);
    const isOriginator = entry.openings.by.value === byValue(organisation);
    const sealed: readonly GroupName[] = isOriginator ? [] : ["from", "rules"];
    const groups = GROUP_NAMES.map((name) => {
      const { value, salt } = entry.openings[name];
      const commitment = toBase64(groupCommitment(name, { value, salt }));
      return [name, sealed.includes(name) ? { commitment } : { value, salt: toBase64(salt) }];
    });
    const recipient = recipientProof(recipientsOf(entry.to, seq), seedOf(`fill ${seq}`), organisation);
    const hashes = inclusionProof(this.leaves.slice(0, size), seq - 1);
    return {
      schema: RECEIPT_SCHEMA,
      origin: this.origin,
      seq,
      loggedAt: entry.loggedAt,
      kind: entry.kind,
      groups: Object.fromEntries(groups),
      ...(recipient !== undefined && { recipient }),
      proof: formatTlogProof({ index: seq - 1, hashes, checkpoint }),
    };
  }

  consistency(from: number, to: number): string[] {
    return consistencyProof(this.leaves, from, to).map(toBase64);
  }

  /** The policy file of a member that knows this log and all witnesses. */
  policy(more: Record<string, unknown> = {}): string {
    const witnesses = [...this.witnesses].map(([member, { verifier }]) => [
      member,
      [formatVerifierKey(verifier)],
    ]);
    const logs = [{ origin: this.origin, keys: [formatVerifierKey(this.key.verifier)] }];
    return JSON.stringify({
      schema: WITNESS_POLICY_SCHEMA,
      logs,
      witnesses: Object.fromEntries(witnesses),
      ...more,
    });
  }

  /** The item as every channel carries it. */
  item(seq: number): string {
    const entry = this.entries[seq - 1];
    if (entry === undefined) throw new Error(`there is no entry ${seq}`);
    const { kind, loggedAt: at, body } = entry;
    const producer = (JSON.parse(entry.openings.by.value) as { originator: string }).originator;
    const item = { seq, cursor: `abcdefgh.${seq}`, at, realm: "live", kind, tlp: "green", producer };
    return `${JSON.stringify(item).slice(0, -1)},"object":${body}}`;
  }
}

function recipientsOf(organisations: readonly string[], seq: number) {
  return organisations.map((organisation) => ({ organisation, salt: seedOf(`to ${seq} ${organisation}`) }));
}

function seedOf(text: string): Uint8Array {
  return sha256(`fixture ${text}`);
}
