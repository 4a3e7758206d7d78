import type { ReleaseItem } from "../context/release-item.ts";
import type { Names } from "./names.ts";

/**
 * The referenced before the referring, else in the order given. Where objects name each other in a circle, the
 * one that is reached first comes last.
 */
export function referencedFirst<One extends { item: ReleaseItem }>(
  all: readonly One[],
  names: Names,
): readonly One[] {
  if (names.all.size === 0) return all;
  const byId = new Map<string, One[]>();
  for (const one of all) byId.set(one.item.object.id, [...(byId.get(one.item.object.id) ?? []), one]);
  const sorted: One[] = [];
  const seen = new Set<One>();
  // No recursion: a chain may be as long as a submission.
  for (const start of all) {
    const path: { one: One; next: Iterator<One> }[] = [];
    const enter = (one: One): void => {
      if (seen.has(one)) return;
      seen.add(one);
      const named = names.of(one.item.object).flatMap((id) => byId.get(id) ?? []);
      path.push({ one, next: named.values() });
    };
    enter(start);
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const { done, value } = at.next.next();
      if (!done) enter(value);
      else {
        sorted.push(at.one);
        path.pop();
      }
    }
  }
  return sorted;
}
