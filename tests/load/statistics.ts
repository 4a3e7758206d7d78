/** What several rounds gave: the middle, and how far they lay apart. */
export type Spread = { median: number; least: number; most: number; rounds: number };

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) throw new Error("nothing was measured");
  return { median: percentile(sorted, 0.5), least, most, rounds: sorted.length };
}

/**
 * The mean without an eighth at either end: of differences between costs that are noisy themselves it is steadier than the
 * median, and what a neighbour does in a few rounds does not move it.
 */
export function trimmedMean(values: readonly number[]): number {
  if (values.length === 0) throw new Error("nothing was measured");
  const ends = Math.floor(values.length / 8);
  const held = [...values].sort((a, b) => a - b).slice(ends, values.length - ends);
  return held.reduce((sum, value) => sum + value, 0) / held.length;
}

/** The value below which this share lies (nearest rank), of an ascending list. */
export function percentile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
  if (value === undefined) throw new Error("nothing was measured");
  return value;
}

/** Milliseconds of the machine's monotonic clock: the same in every process of it. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
