import { type DecisionDiff, DecisionTally } from "@suar/policy";
import type { Realm } from "@suar/runtime";
import * as store from "../store/replay.ts";
import { type Access, isExporter, type ReplayAsked, standsUnder } from "./replay-asked.ts";
import type { ReplayExample } from "./replay-page.ts";
import { ASKED_ONLY, Pages, pagesOf, VERSIONS_AT_ONCE, type Walk } from "./replay-pages.ts";

export type ReplayStep = { done: number; total: number };

/** `versions`: how many were decided twice. */
export type Replayed = DecisionDiff<ReplayExample> & { versions: number };

/**
 * What a policy would have made of what was released, or asked for, since a moment, had it been in force beside the
 * others: every version is decided by the policies in force and by the same with this one put in, as if its time had
 * come. It takes no lock, writes nothing, and holds a page at a time.
 *
 * The exporter's CERT is told of its own versions, and of those of its agencies of which it has a copy; for the importing
 * member's CERT, whom it named itself, and any agency (`recipientsOf`). The importer's is told of what was sent to it and that it can read still, and for
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

/** Entries that are looked at in one statement. */
const ENTRIES_AT_ONCE = 2_000;

async function walksOf({ directory }: Access, realm: Realm, asked: ReplayAsked): Promise<Walk[]> {
  const { policy, asker } = asked;
  const exporters = (await directory.all()).filter((one) => standsUnder(one, policy.exporter));
  const others = exporters.filter(({ id }) => id !== asker.id).map(({ id }) => id);
  const seen: Walk = { producers: others, read: (work) => realm.readAs(asker.id, work) };
  // Of its own the asker may know to whom else it went, and these entries are addressed to others.
  const own: Walk = { producers: [asker.id], read: (work) => work(realm.write) };
  return [...(isExporter(asked) ? [own] : []), ...(others.length > 0 ? [seen] : [])];
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
