import { randomBytes } from "node:crypto";
import {
  formatVerifierKey,
  type GrowingTree,
  growTree,
  rootOf,
  serializeFrontier,
  signCheckpoint,
} from "@suar/merkle";
import { appendEvent, type PoolClient, transaction } from "@suar/runtime";
import { insertCheckpoint } from "../store/checkpoint.ts";
import { insertEpoch, writeRestoration } from "../store/epoch.ts";
import { type LockedHead, lockHead } from "../store/strokes.ts";
import { writeTiles } from "../store/tree.ts";
import { grownTiles } from "./grown-tiles.ts";
import { keptCheckpoint } from "./kept-checkpoint.ts";
import { logKey, originOf } from "./log-key.ts";
import { openTree } from "./open-tree.ts";
import type { PenOptions } from "./pen-options.ts";
import { restorationLeaf } from "./restoration-leaf.ts";

export type RestoreOptions = Pick<PenOptions, "realm" | "secrets" | "publicName" | "keepIn">;

/** What a restored log goes on as. */
export type Restored = { origin: string; vkey: string; afterSeq: number; why: string };

/**
 * Lets a log that was set back to a backup go on: in a new epoch, under a new key, from an entry for nobody that
 * commits to the checkpoint that was kept. What was logged after the backup is not there any more; members can show
 * that it was, by checkpoints of the old epoch. Undefined where the log goes on from what was kept, and there is
 * nothing to restore.
 */
export async function restoreLog(options: RestoreOptions): Promise<Restored | undefined> {
  const kept = keptCheckpoint(options.keepIn, options.realm.name);
  const before = await kept.read();
  if (before === undefined) return undefined;
  const done = await transaction(options.realm.write, async (db) => {
    const head = await lockHead(db);
    const { tree, broken } = await openTree(db, { head, kept: before });
    if (broken === undefined) return undefined;
    if (tree === undefined) throw new Error(`The log cannot go on: ${broken}. Restore another backup.`);
    return { why: broken, ...(await openEpoch(db, options, { head, tree, before })) };
  });
  if (done === undefined) return undefined;
  const { note, ...restored } = done;
  await kept.write(note);
  return restored;
}

async function openEpoch(
  db: PoolClient,
  { secrets, realm, publicName }: RestoreOptions,
  { head, tree, before }: { head: LockedHead; tree: GrowingTree; before: string },
): Promise<Omit<Restored, "why"> & { note: string }> {
  const epoch = randomBytes(4).toString("hex");
  const origin = originOf(publicName, realm.name, epoch);
  const key = logKey(secrets, realm, epoch, origin);
  const vkey = formatVerifierKey(key.verifier);
  const leaf = restorationLeaf(before);
  const grown = growTree(tree, [leaf]);
  const frontier = serializeFrontier(grown.tree);
  await insertEpoch(db, { epoch, after_seq: head.seq, origin, vkey, restored_from: before });
  await writeRestoration(db, { seq: head.seq + 1, at: head.next_at, leaf, epoch, frontier });
  const tiles = grownTiles(tree, grown.tree, grown.tiles);
  if (tiles.length > 0) await writeTiles(db, tiles);
  const note = signCheckpoint({ origin, size: grown.tree.size, root: rootOf(grown.tree) }, key);
  await insertCheckpoint(db, { size: grown.tree.size, epoch, note });
  await appendEvent(db, {
    type: "log-restored.v1",
    actor: "operator",
    subject: origin,
    fields: { afterSeq: head.seq },
  });
  return { origin, vkey, afterSeq: head.seq, note };
}
