import type { Directory, Queryable } from "@suar/runtime";
import { type Names, selectAudiences } from "../store/entries.ts";

/**
 * Names for the shared tail: audiences are immutable, so each is asked for once. Only the tail's role sees
 * whole audiences; under row-level security an audience is the reader's own organisation or nothing, and must
 * not be remembered for others, hence two makers.
 */
export function tailNames(directory: Directory): Names {
  const known = new Map<number, ReadonlySet<number>>();
  return {
    organisations: async (ids) => await organisationsOf(directory, ids),
    audiences: async (db, ids) => {
      const missing = [...new Set(ids)].filter((id) => !known.has(id));
      if (missing.length > 0) {
        for (const [id, organisations] of await selectAudiences(db, missing)) known.set(id, organisations);
      }
      return known;
    },
  };
}

/** Names for one request under row-level security. */
export function requestNames(directory: Directory): Names {
  return {
    organisations: async (ids) => await organisationsOf(directory, ids),
    audiences: async (db: Queryable, ids) => await selectAudiences(db, [...new Set(ids)]),
  };
}

async function organisationsOf(directory: Directory, ids: readonly number[]) {
  const found = new Map<number, NonNullable<Awaited<ReturnType<Directory["byId"]>>>>();
  for (const id of new Set(ids)) {
    const entry = await directory.byId(id);
    if (entry !== undefined) found.set(id, entry);
  }
  return found;
}
