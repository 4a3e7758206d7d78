import {
  type GrowingTree,
  HASH_SIZE,
  MerkleError,
  parseCheckpoint,
  parseNote,
  rootFromTiles,
  sameHash,
  serializeFrontier,
  TILE_WIDTH,
} from "@suar/merkle";
import type { Queryable } from "@suar/runtime";
import { type EpochRow, selectEpochs } from "../store/epoch.ts";
import { selectTiles } from "../store/tree.ts";
import { restorationLeaf } from "./restoration-leaf.ts";
import { readGrowingTree, tileReader } from "./tree-reader.ts";

/** What a pen found at the log's head, and what was kept outside of the database. */
export type Found = {
  head: { epoch: string; seq: number; frontier: Buffer };
  kept: string | undefined;
};

/** `broken` says why the log does not go on from what was kept, in words for the operator. */
export type Opened =
  | { tree: GrowingTree; broken?: undefined }
  /** The tree is there where it goes on from another state than the one that was kept. */
  | { tree?: GrowingTree; broken: string };

/**
 * The tree at the log's head, and whether the log goes on from the checkpoint that was kept. A log that was set back
 * to a backup is shorter than it was, or has grown another way since: writing to it would give numbers that readers
 * have seen to other entries.
 */
export async function openTree(db: Queryable, { head, kept }: Found): Promise<Opened> {
  try {
    const tree = await readGrowingTree(db, head.seq);
    if (head.seq > 0 && !head.frontier.equals(serializeFrontier(tree)))
      return { broken: "the tree's edge is not that of its leaves" };
    const epochs = await selectEpochs(db);
    const epoch = epochs.find((one) => one.epoch === head.epoch);
    if (epoch === undefined && epochs.length > 0)
      return { tree, broken: `nobody opened its epoch ${head.epoch}` };
    const broken = kept === undefined ? undefined : await compare(db, { head, epoch, epochs, kept });
    return broken === undefined ? { tree } : { tree, broken };
  } catch (error) {
    if (error instanceof MerkleError) return { broken: `its tree cannot be read: ${error.message}` };
    throw error;
  }
}

type Compared = { head: Found["head"]; epoch: EpochRow | undefined; epochs: EpochRow[]; kept: string };

async function compare(db: Queryable, { head, epoch, epochs, kept }: Compared): Promise<string | undefined> {
  // A restored log commits to what was kept, until a checkpoint of its own is.
  if (epoch !== undefined && kept === epoch.restored_from)
    return (await beginsWith(db, epoch, kept)) ? undefined : "its epoch does not begin with what was kept";
  const note = parseNote(kept);
  const checkpoint = note && parseCheckpoint(note.text);
  if (checkpoint === undefined) return "the checkpoint that was kept cannot be read";
  const { origin, size, root } = checkpoint;
  if (!epochs.some((one) => one.origin === origin))
    return `the checkpoint that was kept is of another log, ${origin}`;
  if (size > head.seq) return `it ends at ${head.seq}, and a checkpoint of ${size} entries was kept`;
  if (size > 0 && !sameHash(await rootFromTiles(size, tileReader(db)), root))
    return `its first ${size} entries are others than those of the checkpoint that was kept`;
  return undefined;
}

async function beginsWith(db: Queryable, { after_seq }: EpochRow, kept: string): Promise<boolean> {
  const place = after_seq % TILE_WIDTH;
  const n = Math.floor(after_seq / TILE_WIDTH);
  const [tile] = await selectTiles(db, [{ level: 0, n, width: place + 1 }]);
  return tile !== undefined && sameHash(tile.subarray(place * HASH_SIZE), restorationLeaf(kept));
}
