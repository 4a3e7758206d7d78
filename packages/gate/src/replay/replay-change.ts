import { type DecisionDiff, DecisionTally } from "@suar/policy";
import type { Realm } from "@suar/runtime";
import * as store from "../store/replay.ts";
import { type Access, isExporter, type ReplayAsked, standsUnder } from "./replay-asked.ts";
import type { ReplayExample } from "./replay-page.ts";
import { ASKED_ONLY, Pages, pagesOf, VERSIONS_AT_ONCE, type Walk } from "./replay-pages.ts";

/** `versions`: how many were decided twice. */
export type Replayed = DecisionDiff<ReplayExample> & { versions: number };

/** Its own entries, those of others that it sees, what approval was asked for; then it is over. */
type Leg = "own" | "seen" | "asked" | "over";

/** How far a replay is, and what it found: plain data, to be kept between its pages. */
export type ReplaySoFar = Replayed & {
  stretch: store.Stretch;
  leg: Leg;
  /** The last entry that was looked at. */
  from: number;
  /** The last version that approval was asked for. */
  asked: { shownId: string; version: string };
};

export async function beginReplay(realm: Realm, asked: ReplayAsked): Promise<ReplaySoFar> {
  const stretch = await store.selectStretch(realm.write, asked.since);
  const none = { decisions: 0, unchanged: 0, wider: 0, changes: [], versions: 0 };
  const leg = isExporter(asked) ? "own" : "seen";
  return { ...none, stretch, leg, from: stretch.from, asked: { shownId: "", version: "" } };
}

/** How many entries it has looked at, of how many: the log's length, which everybody knows, for each leg. */
export function replayProgress(asked: ReplayAsked, { stretch, leg, from }: ReplaySoFar) {
  const span = stretch.to - stretch.from;
  const total = isExporter(asked) ? 2 * span : span;
  if (leg === "asked" || leg === "over") return { done: total, total };
  return { done: (leg === "seen" && isExporter(asked) ? span : 0) + from - stretch.from, total };
}

/**
 * What a policy would have made of what was released, or asked for, since a moment, had it been in force beside the
 * others: every version is decided by the policies in force and by the same with this one put in, as if its time had
 * come. It takes no lock, writes nothing, and holds a page at a time; it goes on from where it was for as long as it is
 * let, and by the policies of that moment.
 *
 * The exporter's CERT is told of its own versions, and of those of its agencies of which it has a copy; for the importing
 * member's CERT, whom it named itself, and any agency (`recipientsOf`). The importer's is told of what was sent to it and that it can read still, and for
 * itself alone: what it did not receive is neither looked at nor counted.
 */
export async function replayOn(
  platform: Access,
  realm: Realm,
  asked: ReplayAsked,
  replay: ReplaySoFar,
  { withinMs, signal }: { withinMs: number; signal: AbortSignal },
): Promise<ReplaySoFar> {
  const end = performance.now() + withinMs;
  const tally = new DecisionTally<ReplayExample>(replay);
  const pages = new Pages(platform, realm, asked, tally);
  let at = replay;
  while (at.leg !== "over" && performance.now() < end) {
    signal.throwIfAborted();
    const walk = await walkOf(platform, realm, asked, at.leg);
    at =
      at.leg === "asked"
        ? await askedPage(realm, asked, pages, walk, at)
        : await entriesPage(pages, walk, at, asked);
  }
  return { ...at, ...tally.diff };
}

/** Entries that are looked at in one statement. */
const ENTRIES_AT_ONCE = 1_000;

async function walkOf(
  { directory }: Access,
  realm: Realm,
  { policy, asker }: ReplayAsked,
  leg: Leg,
): Promise<Walk> {
  // Of its own the asker may know to whom else it went, and these entries are addressed to others.
  if (leg !== "seen") return { producers: [asker.id], read: (work) => work(realm.write) };
  const exporters = (await directory.all()).filter((one) => standsUnder(one, policy.exporter));
  const others = exporters.filter(({ id }) => id !== asker.id).map(({ id }) => id);
  return { producers: others, read: (work) => realm.readAs(asker.id, work) };
}

async function entriesPage(
  pages: Pages,
  walk: Walk,
  replay: ReplaySoFar,
  asked: ReplayAsked,
): Promise<ReplaySoFar> {
  const { stretch, leg, from } = replay;
  const to = Math.min(from + ENTRIES_AT_ONCE, stretch.to);
  let { versions } = replay;
  if (walk.producers.length > 0 && to > from)
    for (const page of pagesOf(
      await walk.read((db) => store.selectEntries(db, walk.producers, { from, to })),
    ))
      versions += await pages.decide(page, walk, stretch);
  if (to < stretch.to) return { ...replay, from: to, versions };
  const next = leg === "own" ? "seen" : isExporter(asked) ? "asked" : "over";
  return { ...replay, leg: next, from: next === "seen" ? stretch.from : to, versions };
}

/** What the approvers were asked for and no entry of these days tells of. */
async function askedPage(
  realm: Realm,
  { asker, since }: ReplayAsked,
  pages: Pages,
  walk: Walk,
  replay: ReplaySoFar,
): Promise<ReplaySoFar> {
  const place = { after: replay.asked, limit: VERSIONS_AT_ONCE };
  const found = await store.selectAskedSince(realm.write, asker.id, since, place);
  const entries = found.map((one) => ({ ...one, renditionId: one.wholeId, seq: ASKED_ONLY }));
  const decided = await pages.decide({ producer: asker.id, entries }, walk, replay.stretch);
  const versions = replay.versions + decided;
  const last = found.at(-1);
  if (last === undefined || found.length < VERSIONS_AT_ONCE) return { ...replay, leg: "over", versions };
  return { ...replay, asked: { shownId: last.shownId, version: last.version }, versions };
}
