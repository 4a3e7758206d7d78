import {
  compileFilter,
  type Entry,
  type Page,
  readPage,
  requestNames,
  resolveAfter,
  selectHead,
} from "@suar/log";
import { PUBLIC } from "@suar/policy";
import type { Platform, Realm } from "@suar/runtime";
import { openPlace, sealPlace } from "./public-place.ts";

/** Looks into the log for one answer: of what is for others nothing is told, but that so many looks met little else. */
const MOST_LOOKS = 4;
const EVERYTHING = compileFilter({});

type Asked = { after: string; limit: number };
type Found = { items: string[]; next: string; more: boolean };

/**
 * The log as everybody reads it: by the same reading function, as an organisation that nobody is of. Places are sealed and
 * times told to the millisecond, since the numbers of entries would tell how much is released to others, and when.
 */
export class PublicLog {
  readonly #platform: Pick<Platform, "directory" | "secrets">;
  readonly #realm: Realm;

  constructor(platform: Pick<Platform, "directory" | "secrets">, realm: Realm) {
    this.#platform = platform;
    this.#realm = realm;
  }

  /** Throws `bad-cursor` and `cursor-reset`. */
  async page({ after, limit }: Asked): Promise<Found> {
    const { secrets } = this.#platform;
    const purpose = this.#realm.purpose("public-cursor");
    const place = after === "0" ? after : openPlace(secrets, purpose, after);
    const items: string[] = [];
    let from = await this.#realm.readAs(PUBLIC.id, async (db) => resolveAfter(place, await selectHead(db)));
    for (let looks = 1; ; looks++) {
      const page = await this.#look(from, limit - items.length);
      items.push(...page.entries.map(eventText));
      from = page.next;
      const more = from < page.head.seq;
      if (more && items.length < limit && looks < MOST_LOOKS) continue;
      return { items, next: sealPlace(secrets, purpose, `${page.head.epoch}.${from}`), more };
    }
  }

  async #look(after: number, limit: number): Promise<Page> {
    const reader = { organisationId: PUBLIC.id };
    const names = requestNames(this.#platform.directory);
    return await this.#realm.readAs(
      PUBLIC.id,
      async (db) => await readPage(db, names, { after, limit, reader, matches: EVERYTHING }),
    );
  }
}

/** Written around the stored body, which is not parsed and printed again. */
function eventText({ at, kind, producer, body }: Entry): string {
  const said = { at: toMilliseconds(at), kind, tlp: "clear", producer };
  return `${JSON.stringify(said).slice(0, -1)},"object":${body}}`;
}

export function toMilliseconds(at: string): string {
  return new Date(at).toISOString();
}
