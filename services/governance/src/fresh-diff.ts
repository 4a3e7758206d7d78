import type { DiffRow } from "./store/policy-diff.ts";

/** A proposal's is told as it is for so long; looked for later, it is worked out anew. */
const FRESH_MS = 24 * 3_600_000;

/** Also what is under way, or was never begun. */
export function isFresh(found: DiffRow | undefined): boolean {
  if (found === undefined || found.finished_at === null) return true;
  return found.result !== null && Date.now() - found.finished_at.getTime() < FRESH_MS;
}
