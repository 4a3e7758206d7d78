import { type ReleaseContext, type ReleaseItem, release } from "@suar/gate";
import { CLOSED, type Logger, type PoolClient } from "@suar/runtime";

/**
 * What the service itself has to say, on its way through the gate: an organisation's alert or advisory. The hint for the
 * pen: a newer advisory may narrow an older one.
 */
export async function releaseOwn(
  db: PoolClient,
  context: ReleaseContext,
  items: readonly ReleaseItem[],
  log: Logger,
): Promise<string> {
  const { outcomes, closes, failed } = await release(db, context, items);
  for (const { id, error } of failed)
    log.error({ err: error, id }, "what was released before could not be decided anew; it is tried again");
  const refused = outcomes.find(({ outcome }) => outcome === "rejected");
  if (refused !== undefined) throw new Error(`the gate refused ${refused.id}`);
  return closes ? CLOSED : "";
}
