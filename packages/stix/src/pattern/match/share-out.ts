import type { Demand } from "./plan.ts";
import type { Work } from "./work.ts";

/**
 * Gives every demand as many observations as it needs, none to two of them (a bipartite flow, by augmenting paths).
 * The observations used; undefined when there are not enough. Each path fills a demand or empties an observation, so
 * that counts of any size cost nothing.
 */
export function shareOut(
  demands: readonly Demand[],
  counts: readonly number[],
  work: Work,
): ReadonlySet<number> | undefined {
  const free = [...counts];
  const given = demands.map(() => new Map<number, number>());
  for (const [index, { times }] of demands.entries()) {
    for (let missing = times; missing > 0; ) {
      const moved = augment(index, missing, { demands, free, given, work });
      if (moved === 0) return undefined;
      missing -= moved;
    }
  }
  return new Set(given.flatMap((from) => [...from].flatMap(([one, amount]) => (amount > 0 ? [one] : []))));
}

type Flow = { demands: readonly Demand[]; free: number[]; given: Map<number, number>[]; work: Work };
/** A way to an observation: over one that another demand gives up for it. */
type Way = { observation: number; demand: number; from: Way | undefined };

/** Brings a demand some observations, if need be by letting others take others; how many. */
function augment(demand: number, most: number, { demands, free, given, work }: Flow): number {
  const seen = new Set<number>();
  const ways: Way[] = waysOf(demand, undefined, demands, seen);
  for (const way of ways) {
    work.spend(1 + given.length);
    if ((free[way.observation] ?? 0) > 0) return take(way, most, free, given);
    for (const [other, holds] of given.entries())
      if ((holds.get(way.observation) ?? 0) > 0) ways.push(...waysOf(other, way, demands, seen));
  }
  return 0;
}

function waysOf(demand: number, from: Way | undefined, demands: readonly Demand[], seen: Set<number>): Way[] {
  return (demands[demand]?.candidates ?? []).flatMap((observation) => {
    if (seen.has(observation)) return [];
    seen.add(observation);
    return [{ observation, demand, from }];
  });
}

function take(end: Way, most: number, free: number[], given: Map<number, number>[]): number {
  let amount = Math.min(most, free[end.observation] ?? 0);
  for (let way = end; way.from !== undefined; way = way.from)
    amount = Math.min(amount, given[way.demand]?.get(way.from.observation) ?? 0);
  free[end.observation] = (free[end.observation] ?? 0) - amount;
  for (let way: Way | undefined = end; way !== undefined; way = way.from) {
    change(given[way.demand], way.observation, amount);
    if (way.from !== undefined) change(given[way.demand], way.from.observation, -amount);
  }
  return amount;
}

function change(holds: Map<number, number> | undefined, observation: number, by: number): void {
  holds?.set(observation, (holds.get(observation) ?? 0) + by);
}
