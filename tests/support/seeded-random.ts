/** Chance that can be had again: the same seed, the same run. */
export type Chance = {
  seed: number;
  /** In [0, 1). */
  next(): number;
  between(low: number, high: number): number;
};

/** Seeds from SUAR_TEST_SEED, else from the clock; the test prints the seed. */
export function seededChance(
  seed = Number(process.env.SUAR_TEST_SEED ?? Date.now() % 1_000_000_000),
): Chance {
  let state = seed >>> 0;
  // Mulberry32: small, and good enough to choose moments.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  return { seed, next, between: (low, high) => low + next() * (high - low) };
}
