import type { NewRendition } from "./store/release.ts";

/**
 * Copies of one version mostly have the same words and keys. Renditions whose ids follow one another share one row of
 * them: it says how many of the next ids it stands for. Who may see which of these, row-level security decides.
 */
export function shareIndexRows(renditions: NewRendition[]): void {
  if (renditions.length < 2) return;
  for (const run of runsOf(renditions, (one) => one.words))
    for (const [n, one] of run.entries()) {
      one.also = n === 0 ? run.length - 1 : 0;
      if (n > 0) one.words = null;
    }
  const held = renditions.map(({ keys }) => new Set(keys.map(({ key }) => key)));
  const all = new Set(renditions.flatMap(({ keys }) => keys.map(({ key }) => key)));
  for (const one of renditions) one.keys = [];
  for (const key of all) {
    const holders = renditions.filter((_, n) => held[n]?.has(key));
    for (const run of runsOf(holders, () => key)) run[0]?.keys.push({ key, also: run.length - 1 });
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
