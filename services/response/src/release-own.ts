import { gateOf, type ReleaseItem, release } from "@suar/gate";
import type { DirectoryEntry, Platform, PoolClient, Realm } from "@suar/runtime";

/** What the service itself has to say, on its way through the gate: an organisation's alert or advisory. */
export async function releaseOwn(
  platform: Platform,
  realm: Realm,
  db: PoolClient,
  producer: DirectoryEntry,
  items: readonly ReleaseItem[],
): Promise<void> {
  const { outcomes } = await release(
    db,
    {
      gate: gateOf(realm, platform.secrets),
      producer,
      organisations: await platform.directory.active(),
      submissionId: null,
      receivedAt: new Date().toISOString(),
    },
    items,
  );
  const refused = outcomes.find(({ outcome }) => outcome === "rejected");
  if (refused !== undefined) throw new Error(`the gate refused ${refused.id}`);
}
