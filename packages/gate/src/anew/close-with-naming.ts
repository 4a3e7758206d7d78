import type { Queryable } from "@suar/runtime";
import { closeNaming, type EarlyLoss, selectNamed } from "../store/closed.ts";

/** `many`: how much is closed in all; `naming`: ids of what was closed since it names something that was. */
type ClosedFar = { many: number; naming: ReadonlySet<string> };

/** What names so many things is closed by one statement: however much is closed, none takes too long for it. */
const NAMES_AT_ONCE = 50;

/** What names what was closed names it, too: it is known under another id from now on, or not at all. */
export async function closeWithNaming(
  db: Queryable,
  producer: number,
  first: readonly EarlyLoss[],
): Promise<ClosedFar> {
  const naming = new Set<string>();
  let many = first.length;
  for (let closed = first; closed.length > 0; many += closed.length) {
    closed = await closeNamingSome(db, producer, closed);
    for (const { stixId } of closed) naming.add(stixId);
  }
  return { many, naming };
}

async function closeNamingSome(
  db: Queryable,
  producer: number,
  lost: readonly EarlyLoss[],
): Promise<EarlyLoss[]> {
  const byName = Map.groupBy(lost, ({ stixId }) => stixId);
  const named = [...(await selectNamed(db, [...byName.keys()]))];
  const closed: EarlyLoss[] = [];
  for (let from = 0; from < named.length; from += NAMES_AT_ONCE) {
    const some = named.slice(from, from + NAMES_AT_ONCE).flatMap((name) => byName.get(name) ?? []);
    closed.push(...(await closeNaming(db, producer, some)));
  }
  return closed;
}
