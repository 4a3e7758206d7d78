import { parsePattern } from "../parse-pattern.ts";
import { MatchError } from "./match-error.ts";
import type { Observed } from "./observed.ts";
import { readObserved } from "./observed.ts";
import { demandsOf, hasTimes, type Plan, planFor } from "./plan.ts";
import { Search } from "./search.ts";
import { shareOut } from "./share-out.ts";
import { Work } from "./work.ts";

export type MatchResult =
  | { ok: true; match: boolean /** Ids of the Observed Data that it matched. */; observations: string[] }
  | { ok: false; message: string };

/**
 * Matches a STIX pattern (chapter 9) against bundles, or Observed Data with their objects. Time and memory are
 * bounded, whatever the pattern: what would take longer is answered with a message.
 */
export function matchPattern(pattern: string, observed: readonly unknown[]): MatchResult {
  const parsed = parsePattern(pattern);
  if (!parsed.ok)
    return { ok: false, message: `line ${parsed.line}, column ${parsed.column}: ${parsed.message}` };
  try {
    const all = readObserved(observed).sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
    const work = new Work();
    const found = findObservations(planFor(parsed.observation, all, work), all, work);
    const ids = [...(found ?? [])].map((index) => all[index]?.id ?? "");
    return { ok: true, match: found !== undefined, observations: [...new Set(ids)] };
  } catch (error) {
    if (!(error instanceof MatchError)) throw error;
    return { ok: false, message: error.message };
  }
}

function findObservations(
  plan: Plan,
  observed: readonly Observed[],
  work: Work,
): ReadonlySet<number> | undefined {
  const demands = demandsOf(plan);
  if (demands !== undefined) {
    // Without enough observations no order of them helps; without times, enough is all that is needed.
    const shared = shareOut(
      demands,
      observed.map(({ count }) => count),
      work,
    );
    if (shared === undefined || !hasTimes(plan)) return shared;
  }
  return new Search(observed).find(plan);
}
