import { type ReleaseContext, type ReleaseItem, release } from "@suar/gate";
import type { PoolClient } from "@suar/runtime";

/** What the service itself has to say, on its way through the gate: an organisation's alert or advisory. */
export async function releaseOwn(
  db: PoolClient,
  context: ReleaseContext,
  items: readonly ReleaseItem[],
): Promise<void> {
  const { outcomes } = await release(db, context, items);
  const refused = outcomes.find(({ outcome }) => outcome === "rejected");
  if (refused !== undefined) throw new Error(`the gate refused ${refused.id}`);
}
