import type { Queryable } from "@suar/runtime";
import { deleteCauses, endVictims } from "../store/victim.ts";

/**
 * What a producer took back makes nothing a victim's any more, nor what was so by it alone: each name is looked at for
 * another cause once, level by level, however often it was said. What things are parts of is forgotten with it, and found
 * again when somebody says so again.
 */
export async function endVictimsOf(
  db: Queryable,
  producer: number,
  renditions: readonly number[],
): Promise<void> {
  let causes: readonly string[] = renditions.map(String);
  while (causes.length > 0) {
    const names = await deleteCauses(db, producer, causes);
    causes = names.length === 0 ? [] : await endVictims(db, producer, names);
  }
}
