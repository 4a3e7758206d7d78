import type { Queryable } from "@suar/runtime";
import { type ClosedEarly, closeEarly, closeNaming, selectNamed } from "../store/closed.ts";

/** `many`: to how many readers copies were closed; `naming`: ids of what was closed since it names something that was. */
type ClosedFar = { many: number; naming: ReadonlySet<string> };

/** Closes copies before anybody is told, and, to the same readers, what names them, however far: it names them, too. */
export async function closeWithNaming(
  db: Queryable,
  producer: number,
  copies: readonly ClosedEarly[],
): Promise<ClosedFar> {
  const naming = new Set<string>();
  if (copies.length === 0) return { many: 0, naming };
  let closed = await closeEarly(db, copies);
  let many = closed.length;
  // It is known under another id from now on, or not at all.
  while (closed.length > 0) {
    const named = await selectNamed(db, [...new Set(closed.map(({ stixId }) => stixId))]);
    const lost = closed.filter(({ stixId }) => named.has(stixId));
    closed = lost.length === 0 ? [] : await closeNaming(db, producer, lost);
    many += closed.length;
    for (const { stixId } of closed) naming.add(stixId);
  }
  return { many, naming };
}
