import {
  type DecisionDiff,
  DecisionTally,
  type Organisation,
  type PairPolicy,
  PUBLIC,
  withPolicy,
} from "@suar/policy";
import type { Platform, Queryable, Realm } from "@suar/runtime";
import { readStated } from "./read-stated.ts";
import { releaseContext } from "./release-context.ts";
import type { ReleaseContext } from "./release-item.ts";
import { type Replay, type ReplayExample, replayPage, type Shown } from "./replay-page.ts";
import * as store from "./store/replay.ts";

/** `asker`: the CERT of one of the two, whose reading decides what is counted. Its signal's end is the replay's. */
export type ReplayAsked = { policy: PairPolicy; asker: Organisation; since: Date; signal: AbortSignal };

export type ReplayStep = { done: number; total: number };

/** `versions`: how many were decided twice. */
export type Replayed = DecisionDiff<ReplayExample> & { versions: number };

type Access = Pick<Platform, "directory" | "secrets">;

/**
 * What a policy would have made of what was released, or asked for, since a moment, had it been in force beside the
 * others: every version is decided by the policies in force and by the same with this one put in, as if its time had
 * come. It takes no lock, writes nothing, and holds a page at a time.
 *
 * The exporter's CERT is told of its own versions, and of those of its agencies of which it has a copy; for every
 * organisation of the importing member. The importer's is told of what was sent to it and that it can read still, and for
 * itself alone: what it did not receive is neither looked at nor counted.
 */
export async function* replayChange(
  platform: Access,
  realm: Realm,
  asked: ReplayAsked,
): AsyncGenerator<ReplayStep, Replayed> {
  const stretch = await store.selectStretch(realm.write, asked.since);
  const walks = await walksOf(platform, realm, asked);
  const tally = new DecisionTally<ReplayExample>();
  const pages = new Pages(platform, realm, asked, tally);
  const span = stretch.to - stretch.from;
  let [done, versions] = [0, 0];
  for (const walk of walks) {
    for (let from = stretch.from; from < stretch.to; from += ENTRIES_AT_ONCE) {
      asked.signal.throwIfAborted();
      yield { done, total: span * walks.length };
      const to = Math.min(from + ENTRIES_AT_ONCE, stretch.to);
      for (const page of pagesOf(
        await walk.read((db) => store.selectEntries(db, walk.producers, { from, to })),
      ))
        versions += await pages.decide(page, walk, stretch);
      done += to - from;
    }
  }
  if (isExporter(asked)) versions += await decideAsked(realm, asked, pages, stretch);
  yield { done, total: done };
  return { ...tally.diff, versions };
}

/** Entries that are looked at in one statement, and versions that are decided at once. */
const ENTRIES_AT_ONCE = 2_000;
const VERSIONS_AT_ONCE = 200;

/** One way through the log: whose entries, and with whose eyes. */
type Walk = { producers: readonly number[]; read: <T>(work: (db: Queryable) => Promise<T>) => Promise<T> };

async function walksOf({ directory }: Access, realm: Realm, asked: ReplayAsked): Promise<Walk[]> {
  const { policy, asker } = asked;
  const exporters = (await directory.all()).filter((one) => standsUnder(one, policy.exporter));
  const others = exporters.filter(({ id }) => id !== asker.id).map(({ id }) => id);
  const seen: Walk = { producers: others, read: (work) => realm.readAs(asker.id, work) };
  // Of its own the asker may know to whom else it went, and these entries are addressed to others.
  const own: Walk = { producers: [asker.id], read: (work) => work(realm.write) };
  return [...(isExporter(asked) ? [own] : []), ...(others.length > 0 ? [seen] : [])];
}

function isExporter({ policy, asker }: ReplayAsked): boolean {
  return asker.member === policy.exporter;
}

/** By its member, or by the law that it stands under where that is another's. */
function standsUnder({ member, jurisdiction }: Pick<Organisation, "member" | "jurisdiction">, code: string) {
  return member === code || jurisdiction === code;
}

type Page = { producer: number; entries: readonly Omit<store.Entry, "producer">[] };

function pagesOf(entries: readonly store.Entry[]): Page[] {
  return [...Map.groupBy(entries, ({ producer }) => producer)].flatMap(([producer, all]) =>
    Array.from({ length: Math.ceil(all.length / VERSIONS_AT_ONCE) }, (_, n) => {
      return { producer, entries: all.slice(n * VERSIONS_AT_ONCE, (n + 1) * VERSIONS_AT_ONCE) };
    }),
  );
}

/** What the approvers were asked for and no entry of these days tells of. */
async function decideAsked(
  realm: Realm,
  { asker, since, signal }: ReplayAsked,
  pages: Pages,
  stretch: store.Stretch,
): Promise<number> {
  const walk: Walk = { producers: [asker.id], read: (work) => work(realm.write) };
  let versions = 0;
  for (let after = { shownId: "", version: "" }; ; ) {
    signal.throwIfAborted();
    const found = await store.selectAskedSince(realm.write, asker.id, since, {
      after,
      limit: VERSIONS_AT_ONCE,
    });
    const entries = found.map((one) => ({ ...one, renditionId: one.wholeId, seq: ASKED_ONLY }));
    versions += await pages.decide({ producer: asker.id, entries }, walk, stretch);
    const last = found.at(-1);
    if (last === undefined || found.length < VERSIONS_AT_ONCE) return versions;
    after = last;
  }
}

const ASKED_ONLY = Number.POSITIVE_INFINITY;

/** Decides pages of versions, each version once. */
class Pages {
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
    const stated = await readStated(db, replay.context, [...new Set(ids.values())], (version) =>
      byWhole.has(version.rendition_id),
    );
    const copies = stated.flatMap(({ version }) => [
      version.rendition_id,
      ...version.redactions.map((copy) => copy.rendition_id),
    ]);
    const first = await walk.read((reader) => store.selectFirstEntries(reader, copies, stretch));
    const page = stated.flatMap((one): Shown[] => {
      const entry = byWhole.get(one.version.rendition_id);
      const { rendition_id: whole, redactions } = one.version;
      const seqs = [whole, ...redactions.map((copy) => copy.rendition_id)].map(
        (id) => first.get(id) ?? ASKED_ONLY,
      );
      return entry?.seq === Math.min(...seqs) ? [{ ...one, shownId: entry.shownId }] : [];
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
    const importers = context.organisations.filter((one) => standsUnder(one, policy.importer));
    const replay: Replay = {
      context,
      changed: withPolicy(context.policies, { policy: asIfInForce(policy), standing: "signed" }),
      recipients: isExporter(this.#asked)
        ? recipientsOf(policy, importers)
        : importers.filter(({ id }) => id === asker.id),
      asker,
      tally: this.#tally,
    };
    this.#replays.set(producerId, replay);
    return replay;
  }
}

/** Nobody of the directory stands for everybody. */
function recipientsOf({ importer }: PairPolicy, importers: readonly Organisation[]): readonly Organisation[] {
  return importer === PUBLIC.code && importers.length === 0 ? [PUBLIC] : importers;
}

/** What is decided today by a policy whose time is to come. */
function asIfInForce(policy: PairPolicy): PairPolicy {
  const now = new Date().toISOString();
  const hasCome = Date.parse(policy.effective.from) <= Date.parse(now);
  return hasCome ? policy : { ...policy, effective: { ...policy.effective, from: now } };
}
