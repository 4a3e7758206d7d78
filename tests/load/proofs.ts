import { hash } from "node:crypto";
import {
  commitGroups,
  consistencyFromTiles,
  emptyFrontier,
  entryLeaf,
  type GrowingTree,
  groupCommitment,
  growTree,
  inclusionFromTiles,
  leafHash,
  sentValue,
  type Tile,
} from "@suar/merkle";
import { seededChance } from "../support/seeded-random.ts";
import type { Result } from "./results.ts";
import { spreadOf } from "./statistics.ts";

const LEAVES = 1_000_000;
const STROKE = 1_000;
const ROUNDS = 15;
const PROOFS = 10;
const ENTRIES = 20_000;
/** sent and from, the commitment of all groups, and the leaf. */
const HASHES_AN_ENTRY = 4;
const salt = new Uint8Array(32).fill(7);
const node = Buffer.alloc(65, 1);

/**
 * What proofs cost beside a bare loop of as many SHA-256 over the 65 bytes of a node, by the same function of
 * node:crypto: growing a tree of a million leaves, committing to an entry, and making proofs out of tiles in memory.
 */
export async function measureProofs(): Promise<Result[]> {
  const { read, tree, grown } = growMillion();
  return [grown, ...entryCost(), ...(await proofCost(read, tree.size))];
}

function growMillion(): { read: (tile: Tile) => Uint8Array; tree: GrowingTree; grown: Result } {
  const leaves = Array.from({ length: STROKE }, (_, at) => leafHash(Buffer.from(`leaf ${at}`)));
  const tiles = new Map<string, Uint8Array>();
  const ratios: number[] = [];
  let tree: GrowingTree = { ...emptyFrontier(), partial: [] };
  for (let round = 0; round < 10; round++) {
    const bare = bareHashes(LEAVES / 10);
    const took = processorMs(() => {
      for (let stroke = 0; stroke < LEAVES / STROKE / 10; stroke++) {
        const one = growTree(tree, leaves);
        tree = one.tree;
        for (const { level, n, bytes } of one.tiles) tiles.set(`${level}/${n}`, bytes);
      }
    });
    ratios.push(took / bare);
  }
  const { partial } = tree;
  const read = ({ level, n }: Tile) => tiles.get(`${level}/${n}`) ?? partial[level] ?? new Uint8Array();
  const name = "a leaf of a growing tree, in hashes of a bare loop";
  return { read, tree, grown: { name, unit: "×", ...spreadOf(ratios), aim: { atMost: 3 } } };
}

function entryCost(): Result[] {
  const kept = {
    why: groupCommitment("why", { value: "w".repeat(500), salt }),
    rules: groupCommitment("rules", { value: "r".repeat(900), salt }),
    to: groupCommitment("to", { value: "t".repeat(60), salt }),
    by: groupCommitment("by", { value: '{"originator":"SG"}', salt }),
  };
  const head = { origin: "suar.example/live", loggedAt: "2026-01-01T00:00:00.000000Z", kind: "released" };
  const facts = { kind: "released", type: "indicator", sha256: "ab".repeat(32), tlp: "green", pap: null };
  const micros: number[] = [];
  const ratios: number[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    const bare = bareHashes(ENTRIES * HASHES_AN_ENTRY);
    const took = processorMs(() => {
      for (let seq = 1; seq <= ENTRIES; seq++) {
        const sent = { value: sentValue({ ...facts, id: `indicator--${seq}` }), salt };
        const from = { value: `{"hash":"x","id":"indicator--${seq}","version":"y"}`, salt };
        entryLeaf({ ...head, seq }, commitGroups({ ...kept, sent, from }));
      }
    });
    if (round < 0) continue;
    micros.push((took * 1_000) / ENTRIES);
    ratios.push(took / bare);
  }
  const beside = `  beside ${HASHES_AN_ENTRY} hashes of a bare loop`;
  return [
    { name: "an entry's commitment and leaf", unit: "µs", ...spreadOf(micros), aim: { atMost: 8 } },
    { name: beside, unit: "×", ...spreadOf(ratios) },
  ];
}

async function proofCost(read: (tile: Tile) => Uint8Array, size: number): Promise<Result[]> {
  const chance = seededChance(1);
  const any = () => Math.floor(chance.next() * size);
  const aim = { atMost: 5 };
  const inclusion = await timed(async () => void (await inclusionFromTiles(size, any(), read)));
  const consistency = await timed(async () => void (await consistencyFromTiles(any(), size, read)));
  return [
    { name: "an inclusion proof at 1,000,000 leaves", unit: "ms", ...spreadOf(inclusion.ms), aim },
    { name: "  beside 1,000 hashes of a bare loop", unit: "×", ...spreadOf(inclusion.ratios) },
    { name: "a consistency proof at 1,000,000 leaves", unit: "ms", ...spreadOf(consistency.ms), aim },
    { name: "  beside 1,000 hashes of a bare loop", unit: "×", ...spreadOf(consistency.ratios) },
  ];
}

async function timed(prove: () => Promise<void>): Promise<{ ms: number[]; ratios: number[] }> {
  const ms: number[] = [];
  const ratios: number[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    const bare = bareHashes(1_000 * PROOFS);
    const before = process.cpuUsage();
    for (let proof = 0; proof < PROOFS; proof++) await prove();
    const took = since(before);
    if (round < 0) continue;
    ms.push(took / PROOFS);
    ratios.push(took / bare);
  }
  return { ms, ratios };
}

function bareHashes(count: number): number {
  return processorMs(() => {
    for (let at = 0; at < count; at++) hash("sha256", node, "binary");
  });
}

/** Milliseconds of processor time: what neighbours do is not in it. */
function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  return since(before);
}

function since(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
