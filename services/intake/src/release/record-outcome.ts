import type { Counts, RecordOutcome } from "@suar/contract";

const MOST_LISTS = 10;

const WEIGHT = { accepted: 3, rejected: 2, merged: 1, unchanged: 0 } as const;

/** One outcome of two of the same record: accepted when anything of it was, with the ids of both. */
export function joinOutcome(before: RecordOutcome | undefined, more: RecordOutcome): RecordOutcome {
  if (before === undefined) return more;
  const ids = [...before.ids, ...more.ids];
  const waiting = [...new Set([...(before.waiting ?? []), ...(more.waiting ?? [])])];
  const first = WEIGHT[before.outcome] >= WEIGHT[more.outcome] ? before : more;
  const onLists = listsOfBoth(before, more);
  return { ...first, ids, ...(waiting.length > 0 && { waiting }), ...(onLists.length > 0 && { onLists }) };
}

function listsOfBoth(before: RecordOutcome, more: RecordOutcome): NonNullable<RecordOutcome["onLists"]> {
  const all = [...(before.onLists ?? []), ...(more.onLists ?? [])];
  const once = new Map(all.map((hit) => [`${hit.version} ${hit.list}`, hit]));
  return [...once.values()].slice(0, MOST_LISTS);
}

export function countOutcomes(outcomes: readonly RecordOutcome[]): Omit<Counts, "records"> {
  const counts = { accepted: 0, merged: 0, unchanged: 0, rejected: 0 };
  for (const { outcome } of outcomes) counts[outcome] += 1;
  return counts;
}
