import { createHash } from "node:crypto";
import { setImmediate as breathe } from "node:timers/promises";
import { type AssetMarks, type AssetSet, GrowingAssetSet, parseAsset } from "@suar/stix";
import type { WatchRow } from "../store/watch-list.ts";
import { openList, type WatchSeal } from "./watch-list.ts";

/** Of lists that were opened lately so many values stay in memory, arranged: twenty of the longest lists. */
const MOST_VALUES = 100_000;
/** Read between two breaths of the process: some milliseconds where it is busy. */
const SLICE = 100;

type Kept = { values: number; set: Promise<AssetSet> };

const known = new WeakMap<WatchSeal["secrets"], Map<string, Kept>>();

/**
 * What a row watches, opened and arranged once in a process for all who ask, a slice at a time. A row of which anything was
 * altered is another one, and does not open: rejects then.
 */
export async function watchedSet(seal: WatchSeal, row: WatchRow): Promise<AssetSet> {
  const kept = keptOf(seal.secrets);
  const key = nameOf(seal, row);
  const before = kept.get(key);
  if (before !== undefined) {
    kept.delete(key);
    kept.set(key, before);
    return await before.set;
  }
  const { values } = openList(seal, row);
  const set = arrange(values);
  kept.set(key, { values: values.length, set });
  set.catch(() => kept.delete(key));
  forgetOldest(kept);
  return await set;
}

function keptOf(secrets: WatchSeal["secrets"]): Map<string, Kept> {
  const kept = known.get(secrets) ?? new Map<string, Kept>();
  known.set(secrets, kept);
  return kept;
}

function nameOf({ realm }: WatchSeal, { organisation_id: organisation, version, sealed }: WatchRow): string {
  const name = JSON.stringify([realm.purpose("watch"), organisation, version, sealed]);
  return createHash("sha256").update(name).digest("base64url");
}

function forgetOldest(kept: Map<string, Kept>): void {
  let held = 0;
  for (const { values } of kept.values()) held += values;
  for (const [key, { values }] of kept) {
    if (held <= MOST_VALUES || kept.size === 1) return;
    kept.delete(key);
    held -= values;
  }
}

async function arrange(values: readonly string[]): Promise<AssetSet> {
  const set = new GrowingAssetSet();
  for (let from = 0; from < values.length; from += SLICE) {
    if (from > 0) await breathe();
    for (const value of values.slice(from, from + SLICE)) set.add(assetOf(value));
  }
  return remembering(set);
}

/** Each was read when it was written: one that is none any more has to be told of. */
function assetOf(value: string) {
  const read = parseAsset(value);
  if (!read.ok) throw new Error(`a watch list holds what is no asset: ${read.code}`);
  return read.asset;
}

/** Answers that are remembered: more than a page of the log has entries. */
const MOST_ANSWERS = 4_096;

/** Thousands of an organisation's readers ask the same of each entry, one after the other. */
export function remembering(set: AssetSet): AssetSet {
  let answers = new WeakMap<AssetMarks, boolean>();
  let count = 0;
  const ask = (marks: AssetMarks): boolean => {
    if (count === MOST_ANSWERS) [answers, count] = [new WeakMap(), 0];
    count += 1;
    const isMet = set.meets(marks);
    answers.set(marks, isMet);
    return isMet;
  };
  return { meets: (marks) => answers.get(marks) ?? ask(marks) };
}
