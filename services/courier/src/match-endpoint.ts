import type { Filter } from "@suar/contract";
import { compileFilter, type Matcher } from "@suar/log";
import type { WebhookRow } from "./store/webhook.ts";

/** Compiled filters of endpoints, made anew when a filter was edited. */
export type Matchers = { of(endpoint: Pick<WebhookRow, "id" | "filter">): Matcher };

export function createMatchers(): Matchers {
  const known = new Map<string, { text: string; matches: Matcher }>();
  return {
    of: ({ id, filter }) => {
      const text = JSON.stringify(filter);
      const remembered = known.get(id);
      if (remembered?.text === text) return remembered.matches;
      const matches = compileFilter(filter as Filter);
      known.set(id, { text, matches });
      return matches;
    },
  };
}
