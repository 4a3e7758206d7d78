import {
  type GrowingTree,
  MerkleError,
  parseCheckpoint,
  parseNote,
  rootFromTiles,
  sameHash,
  serializeFrontier,
} from "@suar/merkle";
import type { Queryable } from "@suar/runtime";
import { type EpochRow, selectEpochs } from "./store/epoch.ts";
import { readGrowingTree, tileReader } from "./tree-reader.ts";

/** What a pen found at the log's head, and what was kept outside of the database. */
export type Found = {
  head: { seq: number; frontier: Buffer };
  epoch: EpochRow | undefined;
  kept: string | undefined;
};

/** `broken` says why the log does not go on from what was kept, in words for the operator. */
export type Opened =
  | { tree: GrowingTree; broken?: undefined }
  /** The tree is there where it goes on from another state than the one that was kept. */
  | { tree?: GrowingTree; broken: string };

/**
 * The tree at the log's head, and whether the log goes on from the checkpoint that was kept. A log that was set back to a backup is shorter than it was, or has grown another way since:
 * writing to it would give numbers that readers have seen to other entries.
 */
export async function openTree(db: Queryable, found: Found): Promise<Opened> {
  const { head, epoch, kept } = found;
  try {
    const tree = await readGrowingTree(db, head.seq);
    if (head.seq > 0 && !head.frontier.equals(serializeFrontier(tree)))
      return { broken: "the tree's edge is not that of its leaves" };
    // A restored log commits to what was kept, until a checkpoint of its own is.
    if (kept === undefined || kept === epoch?.restored_from) return { tree };
    const broken = await compare(db, head.seq, kept);
    return broken === undefined ? { tree } : { tree, broken };
  } catch (error) {
    if (error instanceof MerkleError) return { broken: `its tree cannot be read: ${error.message}` };
    throw error;
  }
}

async function compare(db: Queryable, seq: number, kept: string): Promise<string | undefined> {
  const note = parseNote(kept);
  const checkpoint = note && parseCheckpoint(note.text);
  if (checkpoint === undefined) return "the checkpoint that was kept cannot be read";
  const { origin, size, root } = checkpoint;
  if (!(await selectEpochs(db)).some((one) => one.origin === origin))
    return `the checkpoint that was kept is of another log, ${origin}`;
  if (size > seq) return `it ends at ${seq}, and a checkpoint of ${size} entries was kept`;
  if (size > 0 && !sameHash(await rootFromTiles(size, tileReader(db)), root))
    return `its first ${size} entries are others than those of the checkpoint that was kept`;
  return undefined;
}
