import type { Entry } from "../read/entry.ts";
import type { Matcher } from "../read/match.ts";

/**
 * Of entries that were handed over through a filter, those that their originators may be told of. Not what `@watch` let
 * through: whoever sent a name for each that somebody may have would read the list off its receipts. A withdrawal passes
 * every filter, and tells nothing. What is read as a withdrawal by now is not receipted as the release.
 */
export function receiptable<T extends Pick<Entry, "isStub" | "kind">>(
  entries: readonly T[],
  { isWatching = false }: Pick<Matcher, "isWatching">,
): T[] {
  return entries.filter(({ isStub, kind }) => !isStub && (!isWatching || kind === "withdrawn"));
}
