import { keepLease, LEASE_MS, type Lease } from "../keep-lease.ts";
import { isResting, restFor } from "../schedule.ts";
import { type Claimed, claimDeliveries, renewLeases } from "../store/delivery.ts";
import { selectById, type WebhookRow } from "../store/webhook.ts";
import type { Courier } from "./courier.ts";

/** Deliveries that are ours until `lease.end()`, and their endpoint as it was then. */
export type Leased = {
  endpoint: WebhookRow;
  claimed: readonly Claimed[];
  /** True when more may be due. */
  full: boolean;
  lease: Lease;
};

const BATCH = 512;

/**
 * Leases what an endpoint is owed now; undefined when that is nothing, or it is not to be posted to, or nobody can say
 * what of it was closed: the tail tells when somebody can again, and whoever dispatches wakes the workers.
 */
export async function leaseBatch(
  { platform, realm, tail }: Courier,
  endpointId: string,
): Promise<Leased | undefined> {
  if (!tail.isCurrent()) return undefined;
  const endpoint = await selectById(realm.write, endpointId);
  if (endpoint === undefined || endpoint.state !== "active" || isResting(endpoint)) return undefined;
  // An endpoint that fails is tried with its oldest delivery alone, not with all that wait.
  const most = restFor(endpoint.failures) > 0 ? 1 : BATCH;
  const claimedAt = performance.now();
  const claimed = await claimDeliveries(realm.write, endpoint.id, most, LEASE_MS);
  if (claimed.length === 0) return undefined;
  const lease = keepLease({
    seqs: claimed.map(({ seq }) => seq),
    claimedAt,
    renew: async () => await renewLeases(realm.write, endpoint.id, claimed, LEASE_MS),
    failed: (error) => platform.log.debug({ err: error }, "could not renew a lease just now"),
  });
  return { endpoint, claimed, full: claimed.length === BATCH, lease };
}
