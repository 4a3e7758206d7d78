import type { PoolClient } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { closeEarly, closeToAll, type EarlyLoss } from "../store/closed.ts";
import { withinSavepoint } from "../store/savepoint.ts";
import { lookAhead, lostAmong } from "./look-ahead.ts";
import { isOfObjects } from "./whose-failure.ts";

/**
 * Closes what readers lose of these objects as it is decided now. What cannot be decided is withheld, as everywhere, from
 * everybody but its producer; it keeps nothing else from being closed. `failed` gets why.
 */
export async function closeSurely(
  db: PoolClient,
  context: ReleaseContext,
  ids: readonly string[],
  failed: unknown[],
): Promise<EarlyLoss[]> {
  try {
    return await withinSavepoint(db, async () => await closeAmong(db, context, ids));
  } catch (error) {
    if (!isOfObjects(error, ids.length)) throw error;
    if (ids.length === 1) {
      failed.push(error);
      return await closeToAll(db, context.producer.id, ids);
    }
    const half = ids.length >> 1;
    const first = await closeSurely(db, context, ids.slice(0, half), failed);
    return [...first, ...(await closeSurely(db, context, ids.slice(half), failed))];
  }
}

async function closeAmong(
  db: PoolClient,
  context: ReleaseContext,
  ids: readonly string[],
): Promise<EarlyLoss[]> {
  const closed: EarlyLoss[] = [];
  for await (const part of lookAhead(db, context, ids)) {
    const lost = lostAmong(part);
    if (lost.length > 0) closed.push(...(await closeEarly(db, lost)));
  }
  return closed;
}
