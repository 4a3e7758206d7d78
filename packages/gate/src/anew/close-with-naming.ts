import type { Queryable } from "@suar/runtime";
import { closeNaming, type EarlyLoss, selectNamed } from "../store/closed.ts";

/** `many`: how much is closed in all; `naming`: ids of what was closed since it names something that was. */
type ClosedFar = { many: number; naming: ReadonlySet<string> };

/** What names what was closed names it, too: it is known under another id from now on, or not at all. */
export async function closeWithNaming(
  db: Queryable,
  producer: number,
  first: readonly EarlyLoss[],
): Promise<ClosedFar> {
  const naming = new Set<string>();
  let many = first.length;
  for (let closed = first; closed.length > 0; many += closed.length) {
    const named = await selectNamed(db, [...new Set(closed.map(({ stixId }) => stixId))]);
    const lost = closed.filter(({ stixId }) => named.has(stixId));
    closed = lost.length === 0 ? [] : await closeNaming(db, producer, lost);
    for (const { stixId } of closed) naming.add(stixId);
  }
  return { many, naming };
}
