import { AppError, type ReceiptDocument } from "@suar/contract";
import { gateOf, openEntry } from "@suar/gate";
import { type CheckpointRow, noteWith, selectCheckpoint, selectEpochs, tileReader } from "@suar/log";
import { formatTlogProof, GROUP_NAMES, inclusionFromTiles, type Opening, RECEIPT_SCHEMA } from "@suar/merkle";
import type { OrganisationCaller, Platform, Queryable } from "@suar/runtime";
import { isOwn, isVisible } from "./store/visible-entry.ts";

/**
 * The receipt of an entry for one of its readers, or for its originator, who is shown the copies that went to others, too.
 * That the caller may see the entry is asked under row-level security; what opens it is then read as the writing role,
 * since it is worked out of what no reader sees whole: the audience.
 */
export async function makeReceipt(
  platform: Platform,
  caller: OrganisationCaller,
  seq: number,
): Promise<ReceiptDocument> {
  const realm = await platform.realms.of(caller);
  const { organisation } = caller;
  // Both are asked, whoever asks: what is another's takes the work of what there is not.
  const own = await isOwn(realm.write, organisation.id, seq);
  const logged = await realm.readAs(organisation.id, async (db) => {
    const visible = await isVisible(db, seq);
    if (!visible && !own) throw new AppError("not-found");
    const checkpoint = await checkpointOver(db, seq);
    const epoch = (await selectEpochs(db)).findLast(({ after_seq }) => after_seq < seq);
    if (epoch === undefined) throw new Error(`no epoch has entry ${seq}`);
    const hashes = await inclusionFromTiles(checkpoint.size, seq - 1, tileReader(db));
    return {
      origin: epoch.origin,
      proof: formatTlogProof({ index: seq - 1, hashes, checkpoint: noteWith(checkpoint) }),
    };
  });
  const opened = await openEntry(realm.write, gateOf(realm, platform), seq, organisation);
  if (opened === undefined) throw new AppError("no-receipt");
  const { loggedAt, kind, groups, recipient } = opened;
  const shown = GROUP_NAMES.map((name) => [name, shownGroup(groups[name])] as const);
  return {
    schema: RECEIPT_SCHEMA,
    origin: logged.origin,
    seq,
    loggedAt,
    kind,
    groups: Object.fromEntries(shown) as ReceiptDocument["groups"],
    ...(recipient !== undefined && { recipient: { ...recipient, proof: [...recipient.proof] } }),
    proof: logged.proof,
  };
}

/** The newest checkpoint that enough members cosigned, where it covers the entry; else the newest of all. */
async function checkpointOver(db: Queryable, seq: number): Promise<CheckpointRow> {
  for (const which of ["witnessed", "newest"] as const) {
    const checkpoint = await selectCheckpoint(db, which);
    if (checkpoint !== undefined && checkpoint.size >= seq) return checkpoint;
  }
  throw new AppError("no-checkpoint-yet", "Checkpoints are signed every second: ask again then");
}

function shownGroup(group: Opening | Uint8Array): ReceiptDocument["groups"]["sent"] {
  if (group instanceof Uint8Array) return { commitment: Buffer.from(group).toString("base64") };
  return { value: group.value, salt: Buffer.from(group.salt).toString("base64") };
}
