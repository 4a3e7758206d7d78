import type { Matcher, Tail } from "@suar/log";
import type { WebhookRow } from "./store/webhook.ts";

/** Compiled filters of endpoints, made anew when a filter was edited. */
export type Matchers = {
  of(endpoint: Pick<WebhookRow, "id" | "filter" | "organisation_id">): Promise<Matcher>;
  /** Forgets the filters of all others, and with the last of an organisation what that watches. */
  keepOnly(ids: Iterable<string>): void;
};

export function createMatchers(tail: Pick<Tail, "filterFor">): Matchers {
  const known = new Map<string, { text: string; matches: Matcher }>();
  return {
    of: async ({ id, filter, organisation_id: organisationId }) => {
      const text = JSON.stringify(filter);
      const remembered = known.get(id);
      if (remembered?.text === text) return remembered.matches;
      const matches = await tail.filterFor(filter, organisationId);
      known.set(id, { text, matches });
      return matches;
    },
    keepOnly: (ids) => {
      const kept = new Set(ids);
      for (const id of known.keys()) if (!kept.has(id)) known.delete(id);
    },
  };
}
