import { tileReader } from "@suar/log";
import {
  consistencyFromTiles,
  emptyFrontier,
  type GrowingTree,
  growTree,
  inclusionFromTiles,
  leafHash,
  rootOf,
  verifyInclusion,
} from "@suar/merkle";
import { bigintColumn, byteaColumn } from "@suar/runtime";
import type pg from "pg";
import { seededChance } from "../support/seeded-random.ts";
import type { BenchPlatform } from "./bench-platform.ts";
import type { Result } from "./results.ts";
import { now, spreadOf } from "./statistics.ts";

const LEAVES = 1_000_000;
const STROKE = 25_000;
const ROUNDS = 15;
const PROOFS = 20;
const MOST_MS = 5;

/**
 * What a proof costs out of a log of a million entries as it lies in PostgreSQL, by the statements that the service asks:
 * by processor time of both sides, and by the clock. The log stands in a schema of its own, which no process follows.
 */
export async function measureStoredProofs({ database, processorSeconds }: BenchPlatform): Promise<Result[]> {
  const { leaf, root } = await writeLog(database);
  const chance = seededChance(1);
  const any = () => 1 + Math.floor(chance.next() * (LEAVES - 1));
  const read = tileReader(database);
  const index = any();
  const hashes = await inclusionFromTiles(LEAVES, index, read);
  if (!verifyInclusion(leaf(index), index, LEAVES, hashes, root))
    throw new Error("a proof that proves nothing");
  const inclusion = async () => void (await inclusionFromTiles(LEAVES, any(), read));
  const consistency = async () => void (await consistencyFromTiles(any(), LEAVES, read));
  return [
    ...(await timed("an inclusion proof out of PostgreSQL, 1,000,000 leaves", inclusion, processorSeconds)),
    ...(await timed("a consistency proof, the same", consistency, processorSeconds)),
  ];
}

async function timed(
  name: string,
  prove: () => Promise<void>,
  processorSeconds: BenchPlatform["processorSeconds"],
): Promise<Result[]> {
  const processor: number[] = [];
  const clock: number[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    const own = process.cpuUsage();
    const { database } = processorSeconds();
    const started = now();
    for (let proof = 0; proof < PROOFS; proof++) await prove();
    const wall = now() - started;
    const { user, system } = process.cpuUsage(own);
    const theirs = processorSeconds().database - database;
    if (round < 0) continue;
    processor.push(((user + system) / 1_000 + theirs * 1_000) / PROOFS);
    clock.push(wall / PROOFS);
  }
  const aim = { atMost: MOST_MS };
  return [
    { name, unit: "ms", aim, ...spreadOf(processor) },
    { name: "  the same by time", unit: "ms", aim, ...spreadOf(clock) },
  ];
}

/** A schema with a log, its tiles and what reads them, made as the live realm's are. */
async function writeLog(database: pg.Client): Promise<{ leaf(index: number): Uint8Array; root: Uint8Array }> {
  await database.query("CREATE SCHEMA proofs");
  for (const table of ["log", "tree_tile"])
    await database.query(`CREATE TABLE proofs.${table} (LIKE live.${table} INCLUDING ALL)`);
  const { rows } = await database.query<{ made: string }>(
    "SELECT pg_get_functiondef('live.leaf_tile'::regproc) AS made",
  );
  await database.query(String(rows[0]?.made).replaceAll("live", "proofs"));
  await database.query("SET search_path = proofs");
  const leaf = (index: number): Uint8Array => leafHash(Buffer.from(`leaf ${index}`));
  let tree: GrowingTree = { ...emptyFrontier(), partial: [] };
  for (let from = 0; from < LEAVES; from += STROKE) {
    const leaves = Array.from({ length: STROKE }, (_, at) => leaf(from + at));
    const grown = growTree(tree, leaves);
    tree = grown.tree;
    await insertLeaves(database, from, leaves);
    await insertTiles(database, grown.tiles);
  }
  await insertTiles(
    database,
    tree.partial.map((bytes, level) => ({ level, n: Math.floor(LEAVES / 256 ** (level + 1)), bytes })),
  );
  await database.query("ANALYZE proofs.log, proofs.tree_tile");
  return { leaf, root: rootOf(tree) };
}

async function insertLeaves(database: pg.Client, from: number, leaves: readonly Uint8Array[]): Promise<void> {
  await database.query(
    `INSERT INTO log (seq, logged_at, kind, rendition_id, audience_id, leaf)
     SELECT seq, clock_timestamp(), 'released', seq, 1, leaf
       FROM (SELECT unnest($1::bigint[]) AS seq, unnest($2::bytea[]) AS leaf) l`,
    [bigintColumn(leaves.map((_, at) => from + at + 1)), byteaColumn(leaves)],
  );
}

async function insertTiles(
  database: pg.Client,
  tiles: readonly { level: number; n: number; bytes: Uint8Array }[],
): Promise<void> {
  const held = tiles.filter(({ level, bytes }) => level > 0 && bytes.length > 0);
  await database.query(
    "INSERT INTO tree_tile (level, n, hashes) SELECT unnest($1::smallint[]), unnest($2::bigint[]), unnest($3::bytea[])",
    [held.map(({ level }) => level), held.map(({ n }) => n), byteaColumn(held.map(({ bytes }) => bytes))],
  );
}
