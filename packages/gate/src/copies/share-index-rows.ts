import type { NewRendition } from "../store/release.ts";

/**
 * Copies of one version mostly have the same keys, and often the same words. Renditions whose ids follow one another share
 * one row of them: it says for how many of the next ids it stands. Who may see which of these, row-level security decides.
 */
export function shareIndexRows(renditions: NewRendition[]): void {
  if (renditions.length < 2) return;
  if (isOneRun(renditions)) shareWords(renditions);
  else for (const run of runsOf(renditions, (one) => (one.words === null ? null : ""))) shareWords(run);
  if (shareAllKeys(renditions)) return;
  const held = new Map(renditions.map((one) => [one, new Map(one.keys.map((row) => [row.key, row]))]));
  const all = new Set(renditions.flatMap(({ keys }) => keys.map(({ key }) => key)));
  for (const one of renditions) one.keys = [];
  for (const key of all) {
    const holders = renditions.filter((one) => held.get(one)?.has(key));
    for (const run of runsOf(holders, () => key)) {
      const [head] = run;
      const row = head && held.get(head)?.get(key);
      if (row !== undefined) head?.keys.push({ ...row, also: run.length - 1 });
    }
  }
}

/** As it mostly is: ids that follow one another, and words in each. */
function isOneRun(renditions: readonly NewRendition[]): boolean {
  const first = renditions[0]?.id ?? 0;
  return renditions.every(({ id, words }, n) => id === first + n && words !== null);
}

/** As it mostly is: all have the same keys, and ids that follow one another. */
function shareAllKeys(renditions: readonly NewRendition[]): boolean {
  const [head] = renditions;
  if (head === undefined) return true;
  if (!renditions.every((one, n) => one.id === head.id + n && hasKeysOf(one, head))) return false;
  for (const one of renditions)
    if (one !== head) one.keys = [];
    else for (const row of one.keys) row.also = renditions.length - 1;
  return true;
}

function hasKeysOf({ keys }: NewRendition, head: NewRendition): boolean {
  return keys.length === head.keys.length && keys.every(({ key }, at) => key === head.keys[at]?.key);
}

/**
 * The first keeps its words, and those that have the same need none. Whoever has others keeps its text as it is: a search
 * goes through what its reader was sent (ADR 17), so that no row need hold another's words, and no text be analysed before.
 */
function shareWords(run: readonly NewRendition[]): void {
  const [head] = run;
  if (head?.words == null) return;
  for (const one of run) {
    if (one === head) continue;
    if (one.words === head.words) head.also = one.id - head.id;
    else one.ownWords = one.words;
    one.words = null;
  }
}

/** Renditions with ids that follow one another and the same value; a null stands for itself. */
function runsOf(
  renditions: readonly NewRendition[],
  shareOf: (rendition: NewRendition) => string | null,
): NewRendition[][] {
  const runs: NewRendition[][] = [];
  let last: NewRendition | undefined;
  let value: string | null = null;
  for (const one of renditions) {
    const own = shareOf(one);
    const follows = last !== undefined && one.id === last.id + 1 && own !== null && own === value;
    if (follows) runs.at(-1)?.push(one);
    else runs.push([one]);
    [last, value] = [one, own];
  }
  return runs;
}
