import {
  commitGroups,
  GROUP_NAMES,
  type GroupName,
  groupCommitment,
  type Opening,
  type RecipientProof,
  recipientProof,
} from "@suar/merkle";
import type { Queryable } from "@suar/runtime";
import type { Gate } from "../context/gate.ts";
import { selectAudience } from "../store/audience.ts";
import { type OpenedRow, selectOpening } from "../store/opening.ts";
import { changedIn, versionIn } from "./changed-in.ts";
import { codesOf, type EntryFacts, openingsOf, recipientsOf } from "./leaf.ts";
import { revocationHash, statedOf } from "./stated.ts";

/** An entry as one of its readers may open it: of groups that are not its to see, the commitments alone. */
export type OpenedEntry = {
  seq: number;
  loggedAt: string;
  kind: string;
  groups: Record<GroupName, Opening | Uint8Array>;
  /** That the reader is one of the recipients, of whom it learns nothing else. */
  recipient: RecipientProof | undefined;
};

/** What every receiver may know. The rest tells to whom else a copy went, and what it was made of. */
const FOR_RECEIVERS: ReadonlySet<GroupName> = new Set(["sent", "why", "by", "to"]);

/**
 * What opens an entry for a reader: for its originator everything. The caller has seen to it that the reader may see
 * the entry. Undefined for an entry that was logged before there were commitments.
 */
export async function openEntry(
  db: Queryable,
  gate: Gate,
  seq: number,
  reader: { id: number; code: string },
): Promise<OpenedEntry | undefined> {
  const first = await openNow(db, gate, seq, reader);
  // What was written in between several statements looks wrong once: what somebody changed stays so.
  const opened = "wrong" in first ? await openNow(db, gate, seq, reader) : first;
  if ("wrong" in opened) throw new Error(`entry ${seq}${opened.wrong}`);
  return opened.entry;
}

/** Whether an entry's rows are those that it was committed to. */
export async function isAsCommitted(db: Queryable, gate: Gate, seq: number): Promise<boolean> {
  const row = await selectOpening(db, seq);
  if (row === undefined || row.commitment === null) return false;
  return row.commitment.equals(commitGroups(openingsOf(gate, await factsOf(db, gate, row))));
}

async function openNow(
  db: Queryable,
  gate: Gate,
  seq: number,
  reader: { id: number; code: string },
): Promise<{ entry: OpenedEntry | undefined } | { wrong: string }> {
  const row = await selectOpening(db, seq);
  if (row === undefined || row.commitment === null) return { entry: undefined };
  const facts = await factsOf(db, gate, row);
  const openings = openingsOf(gate, facts);
  // Whoever changed a row of it has made the receipt worthless: it is better said here.
  if (!row.commitment.equals(commitGroups(openings)))
    return { wrong: " is not what was committed to: somebody changed its rows" };
  const isOriginator = row.producer === reader.id;
  const changed = isOriginator ? await changedIn(db, gate, row) : undefined;
  if (changed !== undefined) return { wrong: `: somebody changed ${changed}` };
  const groups = GROUP_NAMES.map((name) => {
    const isOpen = isOriginator || FOR_RECEIVERS.has(name);
    return [name, isOpen ? openings[name] : groupCommitment(name, openings[name])] as const;
  });
  const { recipients, secret } = recipientsOf(gate, facts);
  const entry: OpenedEntry = {
    seq: row.seq,
    loggedAt: row.at,
    kind: row.kind,
    groups: Object.fromEntries(groups) as OpenedEntry["groups"],
    recipient: recipientProof(recipients, secret, reader.code),
  };
  return { entry };
}

async function factsOf(db: Queryable, gate: Gate, row: OpenedRow): Promise<EntryFacts> {
  const members = (await selectAudience(db, [row.audience_id])).get(row.audience_id) ?? [];
  const [originator = "", ...recipients] = await codesOf(db, gate, [row.producer, ...members]);
  const isStub = row.kind === "withdrawn";
  return {
    kind: row.kind,
    renditionId: row.rendition_id,
    audienceId: row.audience_id,
    sent: {
      id: row.shown_id,
      type: row.type,
      sha256: (isStub ? row.body_sha256 : row.sha256).toString("hex"),
      tlp: row.tlp,
      pap: row.pap,
      revocation: isStub ? revocationHash(row, row.revocation) : undefined,
    },
    from: {
      id: row.original_id,
      version: row.version,
      contentHash: row.content_hash,
      stated: statedOf(versionIn(row)),
    },
    originator,
    recipients,
    decision: row.decision,
  };
}
