import { MerkleError } from "../error.ts";
import { HASH_SIZE, nodeHash, requireHash } from "../hash.ts";
import type { Frontier } from "../tree/frontier.ts";
import { half, isOdd } from "../tree/tree.ts";
import { hashesOf, partialTiles, perfectRoot, TILE_HEIGHT, TILE_WIDTH, type Tile } from "./tile.ts";

/**
 * A tree that its log goes on writing: its frontier, from which its root follows, and the hashes of the partial
 * tiles at its right edge, by level (32 bytes each; empty where a level ends with a full tile). At most 8 kB a
 * level: three levels hold sixteen million leaves.
 */
export type GrowingTree = Frontier & { readonly partial: readonly Uint8Array[] };

export type FullTile = { level: number; n: number; bytes: Uint8Array };

/** The tree whose right edge this is; `readTile` gives each partial tile's hashes, or those of the full one. */
export function growingTree(size: number, readTile: (tile: Tile) => Uint8Array): GrowingTree {
  const partial: Uint8Array[] = [];
  const hashes: Uint8Array[] = [];
  for (const tile of partialTiles(size).reverse()) {
    const held = hashesOf(tile, readTile(tile));
    partial[tile.level] = concat(held);
    // The bits of the width, the highest first, are the perfect subtrees that the tile's hashes make.
    for (let bit = TILE_WIDTH / 2, from = 0; bit >= 1; bit /= 2) {
      if (Math.floor(tile.width / bit) % 2 === 0) continue;
      hashes.push(perfectRoot(held.slice(from, from + bit)));
      from += bit;
    }
  }
  return { size, hashes, partial: Array.from(partial, (bytes) => bytes ?? new Uint8Array()) };
}

/**
 * Appends leaves: the tree after them, and the tiles that they filled, in the order in which these came into being.
 * About one hash a leaf, besides copying the edge once; the given tree stays as it is.
 */
export function growTree(
  tree: GrowingTree,
  leaves: readonly Uint8Array[],
): { tree: GrowingTree; tiles: FullTile[] } {
  const edge = new Edge(tree);
  const hashes = [...tree.hashes];
  let size = tree.size;
  for (const leaf of leaves) {
    if (size >= Number.MAX_SAFE_INTEGER) throw new MerkleError("log-full", "no leaf after 2^53 - 1");
    let carried = requireHash(leaf);
    edge.put(0, carried);
    // As in adding one to a binary number: each trailing one-bit is a subtree that the carry completes.
    for (let rest = size, height = 1; isOdd(rest); rest = half(rest), height++) {
      carried = nodeHash(requireHash(hashes.pop()), carried);
      if (height % TILE_HEIGHT === 0) edge.put(height / TILE_HEIGHT, carried);
    }
    hashes.push(carried);
    size += 1;
  }
  return { tree: { size, hashes, partial: edge.partial() }, tiles: edge.full };
}

/** The tiles that are being filled, a level each. */
class Edge {
  readonly full: FullTile[] = [];
  readonly #levels: { n: number; width: number; bytes: Uint8Array }[] = [];

  constructor({ size, partial }: GrowingTree) {
    for (let level = 0, hashes = size; hashes > 0; level++, hashes = Math.floor(hashes / TILE_WIDTH)) {
      const width = hashes % TILE_WIDTH;
      const held = partial[level] ?? new Uint8Array();
      if (held.length !== width * HASH_SIZE)
        throw new MerkleError(
          "bad-frontier",
          `${size} leaves have ${width} hashes at the edge of level ${level}`,
        );
      const bytes = new Uint8Array(TILE_WIDTH * HASH_SIZE);
      bytes.set(held);
      this.#levels.push({ n: Math.floor(hashes / TILE_WIDTH), width, bytes });
    }
  }

  put(level: number, hash: Uint8Array): void {
    this.#levels[level] ??= { n: 0, width: 0, bytes: new Uint8Array(TILE_WIDTH * HASH_SIZE) };
    const tile = this.#levels[level];
    tile.bytes.set(hash, tile.width * HASH_SIZE);
    tile.width += 1;
    if (tile.width < TILE_WIDTH) return;
    this.full.push({ level, n: tile.n, bytes: tile.bytes });
    this.#levels[level] = { n: tile.n + 1, width: 0, bytes: new Uint8Array(TILE_WIDTH * HASH_SIZE) };
  }

  partial(): Uint8Array[] {
    return this.#levels.map(({ width, bytes }) => bytes.slice(0, width * HASH_SIZE));
  }
}

function concat(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * HASH_SIZE);
  for (const [at, hash] of hashes.entries()) bytes.set(hash, at * HASH_SIZE);
  return bytes;
}
