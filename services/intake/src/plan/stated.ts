import { planReaders, planVictims, type ReleaseContext } from "@suar/gate";
import type { Queryable } from "@suar/runtime";
import { selectStoredMarkings } from "../store/stored-marking.ts";
import type { Stated } from "./plan-release.ts";

/** What a realm holds of what was stated before, for a submission of the context's producer. */
export function statedIn(db: Queryable, context: ReleaseContext): Stated {
  return {
    markings: async (ids) => await selectStoredMarkings(db, context.producer.id, ids),
    victims: async (pages) => await planVictims(db, context, pages),
    readers: async (items, refused) => await planReaders(db, context, items, refused),
  };
}
