import type { Queryable } from "@suar/runtime";
import { isBareRevocation, type StixObject } from "@suar/stix";
import { selectStatedFrom } from "../store/stated-from.ts";

/**
 * What another server's word that an object is revoked (STIX 2.1 §3.2) means here:
 * - `taken-back`: its submitter stated the object because that server did, and takes it back with it
 * - `held`: it revokes what is not stated any more, or never was, and says nothing else: all is as it says
 * - `anothers`: its submitter stated the object by itself, or from elsewhere: that is not that server's to revoke
 */
export type Revocation = "taken-back" | "held" | "anothers";

/** In the objects' order; undefined for what revokes nothing, and for what is revoked and worth stating as it is. */
export async function judgeRevocations(
  db: Queryable,
  { organisationId, origin }: { organisationId: number; origin: string },
  objects: readonly StixObject[],
): Promise<(Revocation | undefined)[]> {
  const ids = objects.filter(({ revoked }) => revoked === true).map(({ id }) => id);
  if (ids.length === 0) return objects.map(() => undefined);
  const stated = await selectStatedFrom(db, organisationId, ids);
  return objects.map((object) => {
    if (object.revoked !== true) return undefined;
    const origins = stated.get(object.id);
    if (origins === undefined) return isBareRevocation(object) ? "held" : undefined;
    return origins.every((one) => one === origin) ? "taken-back" : "anothers";
  });
}
