import { type Organisation, PUBLIC } from "@suar/policy";
import { type Platform, type Realm, readStanding } from "@suar/runtime";
import { gateOf } from "./gate.ts";
import type { ReleaseContext } from "./release-item.ts";

type Said = Pick<ReleaseContext, "submissionId" | "word"> & { receivedAt?: string };

/**
 * What a release of this moment is judged in. Made before its transaction begins: one directory and one set of policies,
 * which nothing asks for again in between. One whose organisation was removed meanwhile is released all the same: it was
 * acknowledged.
 */
export async function releaseContext(
  { directory, secrets }: Pick<Platform, "directory" | "secrets">,
  realm: Realm,
  producer: Organisation,
  said: Said,
): Promise<ReleaseContext> {
  const active = await directory.active();
  const { policies, agreements } = await readStanding(realm.write);
  const all: readonly Organisation[] = active.some(({ id }) => id === producer.id)
    ? active
    : [...active, producer];
  // A drill is sealed off: nothing of it is for everybody.
  const organisations = realm.kind === "live" ? [...all, PUBLIC] : all;
  return {
    gate: gateOf(realm, secrets),
    producer,
    organisations: organisations.map((one) => ({ ...one, agreements: agreements.get(one.member) ?? [] })),
    policies,
    receivedAt: new Date().toISOString(),
    ...said,
  };
}
