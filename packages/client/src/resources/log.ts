import {
  type After,
  type DeliveredEntry,
  type Filter,
  type FilterQuery,
  type Item,
  type LogPage,
  parseCursor,
  routes,
} from "@suar/contract";
import type { Caller } from "../call.ts";
import { pages } from "../pages.ts";

export type LogOptions = {
  after?: After;
  filter?: Filter;
  limit?: number;
  wait?: number;
  signal?: AbortSignal;
};

/** The log, pulled page by page. */
export class Log {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** One page; `next` is where to go on, also when nothing matched. */
  page({ after = 0, filter = {}, limit, wait, signal }: LogOptions = {}): Promise<LogPage> {
    return this.#caller.call(routes.readLog, {
      query: { ...queryOf(filter), after: String(after), limit, wait },
      signal,
    });
  }

  /** What the platform says that it handed to your organisation, in the order of the log. */
  deliveries(): AsyncGenerator<DeliveredEntry> {
    return pages((after) => this.#caller.call(routes.listDeliveries, { query: { after, limit: 500 } }));
  }

  /** How many people's data your member told whom of, by year, as its quotas count them. */
  individuals() {
    return this.#caller.call(routes.listIndividuals, {});
  }

  /** Every item from `after` to the end as it is now. */
  async *items(options: LogOptions = {}): AsyncGenerator<Item> {
    let after = options.after ?? 0;
    for (;;) {
      const page = await this.page({ ...options, after, wait: 0 });
      yield* page.items;
      // A page may be empty and still move on, where nothing in a long stretch matched.
      const seq = parseCursor(page.next)?.seq;
      if (page.next === String(after) || seq === undefined || seq >= page.head) return;
      after = page.next;
    }
  }
}

/** A filter as query parameters: lists are written with commas. */
export function queryOf(filter: Filter): FilterQuery {
  const entries = Object.entries(filter).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value]),
  ) as FilterQuery;
}
