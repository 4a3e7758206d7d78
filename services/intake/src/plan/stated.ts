import { planReaders, planVictims, type ReleaseContext } from "@suar/gate";
import type { Queryable } from "@suar/runtime";
import { selectStoredMarkings } from "../store/stored-marking.ts";
import { JoinedNames } from "./joined-names.ts";
import type { Stated } from "./plan-release.ts";

/**
 * What a realm holds of what was stated before, for a submission of the context's producer; `inPortions`: the id of one that
 * has other portions.
 */
export function statedIn(db: Queryable, context: ReleaseContext, inPortions?: string): Stated {
  return {
    ...(inPortions !== undefined && {
      joined: async (names) => await JoinedNames.read(db, inPortions, names),
    }),
    markings: async (ids) => await selectStoredMarkings(db, context.producer.id, ids),
    victims: async (pages) => await planVictims(db, context, pages),
    readers: async (items, refused) => await planReaders(db, context, items, refused),
  };
}
