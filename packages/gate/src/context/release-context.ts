import type { Organisation } from "@suar/policy";
import type { Platform, Realm } from "@suar/runtime";
import { gateOf } from "./gate.ts";
import type { ReleaseContext } from "./release-item.ts";
import { standingFor } from "./standing.ts";

type Said = Pick<ReleaseContext, "submissionId" | "word"> & { receivedAt?: string };

/**
 * What a release of this moment is judged in: who there is, and the policies, of one moment. Whoever writes by it makes
 * sure, under the producer's lock, that it is true yet (`lockStanding`). One whose organisation was removed meanwhile is
 * released all the same: it was acknowledged.
 */
export async function releaseContext(
  platform: Pick<Platform, "secrets" | "trust">,
  realm: Realm,
  producer: Organisation,
  said: Said,
): Promise<ReleaseContext> {
  const gate = gateOf(realm, platform);
  return {
    gate,
    producer,
    ...(await standingFor(realm.write, { gate, producer })),
    receivedAt: new Date().toISOString(),
    writes: false,
    ...said,
  };
}
