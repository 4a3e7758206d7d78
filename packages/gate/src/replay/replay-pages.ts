import { withPolicy } from "@suar/policy";
import type { Queryable, Realm } from "@suar/runtime";
import { readStandingVersions, type StandingVersion } from "../anew/standing-version.ts";
import { releaseContext } from "../context/release-context.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import * as store from "../store/replay.ts";
import { type Access, asIfInForce, type ReplayAsked, recipientsOf } from "./replay-asked.ts";
import { type Replay, replayPage, type Shown } from "./replay-page.ts";

/** Versions that are decided at once. */
export const VERSIONS_AT_ONCE = 200;

/** One way through the log: whose entries, and with whose eyes. */
export type Walk = {
  producers: readonly number[];
  read: <T>(work: (db: Queryable) => Promise<T>) => Promise<T>;
};

type Page = { producer: number; entries: readonly Omit<store.Entry, "producer">[] };

export function pagesOf(entries: readonly store.Entry[]): Page[] {
  return [...Map.groupBy(entries, ({ producer }) => producer)].flatMap(([producer, all]) =>
    Array.from({ length: Math.ceil(all.length / VERSIONS_AT_ONCE) }, (_, n) => {
      return { producer, entries: all.slice(n * VERSIONS_AT_ONCE, (n + 1) * VERSIONS_AT_ONCE) };
    }),
  );
}

/** In place of an entry, of what no entry of these days tells of. */
export const ASKED_ONLY = Number.POSITIVE_INFINITY;

/** Decides pages of versions, each version once. */
export class Pages {
  readonly #platform: Access;
  readonly #realm: Realm;
  readonly #asked: ReplayAsked;
  readonly #tally: Replay["tally"];
  readonly #replays = new Map<number, Replay>();
  #policies: ReleaseContext["policies"] | undefined;

  constructor(platform: Access, realm: Realm, asked: ReplayAsked, tally: Replay["tally"]) {
    this.#platform = platform;
    this.#realm = realm;
    this.#asked = asked;
    this.#tally = tally;
  }

  /** How many versions it decided: those whose first entry of these days stands on the page. */
  async decide({ producer, entries }: Page, walk: Walk, stretch: store.Stretch): Promise<number> {
    if (entries.length === 0) return 0;
    const db = this.#realm.write;
    const replay = await this.#replayOf(producer);
    const byWhole = new Map(
      entries.map((entry) => [entry.wholeId, entry]).reverse() as [number, Page["entries"][0]][],
    );
    const ids = await store.selectStatedIdsOf(db, [...byWhole.keys()]);
    const stated = await readStandingVersions(db, replay.context, [...new Set(ids.values())], (version) =>
      byWhole.has(version.rendition_id),
    );
    const first = await walk.read((reader) =>
      store.selectFirstEntries(reader, stated.flatMap(renditionsOf), stretch),
    );
    const page = stated.flatMap((one): Shown[] => {
      const entry = byWhole.get(one.version.rendition_id);
      const seqs = renditionsOf(one).map((id) => first.get(id) ?? ASKED_ONLY);
      if (entry?.seq !== Math.min(...seqs)) return [];
      const isOwn = producer === this.#asked.asker.id;
      return [{ ...one, shownId: isOwn ? one.version.stix_id : entry.shownId }];
    });
    await replayPage(db, replay, page);
    return page.length;
  }

  async #replayOf(producerId: number): Promise<Replay> {
    const known = this.#replays.get(producerId);
    if (known !== undefined) return known;
    const producer = await this.#platform.directory.byId(producerId);
    if (producer === undefined) throw new Error(`there is no organisation ${producerId}`);
    const said = { submissionId: null, word: "" };
    const made = await releaseContext(this.#platform, this.#realm, producer, said);
    this.#policies ??= made.policies;
    const context = { ...made, policies: this.#policies };
    const { policy, asker } = this.#asked;
    const replay: Replay = {
      context,
      changed: withPolicy(context.policies, { policy: asIfInForce(policy, context.now), standing: "signed" }),
      recipients: recipientsOf(this.#asked, context.organisations),
      asker,
      tally: this.#tally,
    };
    this.#replays.set(producerId, replay);
    return replay;
  }
}

/** All that was ever made of a version: the whole one, and its copies. */
function renditionsOf({ version }: StandingVersion): number[] {
  return [version.rendition_id, ...version.redactions.map((copy) => copy.rendition_id)];
}
