import { createHash } from "node:crypto";
import { AppError } from "@suar/contract";
import type { PoolClient, Queryable } from "@suar/runtime";
import {
  keysOf,
  microsFromTimestamp,
  type Pap,
  plainTimestamp,
  type StixObject,
  type Tlp,
  timestampFromMicros,
  withMarking,
} from "@suar/stix";
import type { ReleaseContext, ReleaseItem } from "../context/release-item.ts";
import { lockStanding } from "../context/standing.ts";
import { Decisions } from "../decide/decisions.ts";
import { resay } from "../entry/stated.ts";
import { type KnownVersion, modifiedOf, nextOfContent, rankAfter, type Verdict } from "../judge/judge.ts";
import { freshSend } from "../judge/judge-release.ts";
import { sendAgain } from "../send/send-again.ts";
import { putMarking } from "../store/marking.ts";
import { selectBodies } from "../store/rendition.ts";
import { readdressVersions, selectEveryVersion } from "../store/version.ts";
import { KnownVictims } from "../victims/known-victims.ts";
import { victimNamesOf } from "../victims/names-of.ts";
import { readSurroundings } from "./decide-anew.ts";
import { reevaluate } from "./reevaluate.ts";
import { SentBefore } from "./sent-before.ts";

/** What holds for an id of a producer's; `to` is null where it is for the community. */
export type Marking = { tlp: Tlp; pap: Pap | null; to: readonly string[] | null; tag: string };

/** What is to hold from now on; what is left out stays. `to`: null is the community. */
export type MarkingChange = {
  tlp?: Exclude<Tlp, "red"> | undefined;
  pap?: Pap | null | undefined;
  to?: readonly string[] | null | undefined;
};

/** `before` and `after`: those who had any of it, and who have; `named`: all whom its originator ever named for it. */
export type Remarked = {
  marking: Marking;
  named: readonly string[];
  before: ReadonlySet<number>;
  after: ReadonlySet<number>;
};

/** Undefined where the producer states nothing about the id. */
export async function markingOf(
  db: Queryable,
  producer: number,
  stixId: string,
): Promise<Marking | undefined> {
  const [latest] = liveOf(await selectEveryVersion(db, producer, stixId));
  return latest && describe(latest);
}

/**
 * The originator gives an id another marking, or addresses it to others, in one transaction: whoever may not have it any
 * more loses every version of it at once, and what names it is decided anew; who keeps it gets a version under the new
 * marking, since a copy goes on under the marking that it bears. It takes the road of any release: policies are asked, and
 * those who have to agree. What others state about the id is theirs.
 *
 * Throws `not-found`, `already-withdrawn`, and `edited-meanwhile` where the marking is not the one of this `tag`.
 */
export async function mark(
  db: PoolClient,
  made: ReleaseContext,
  { stixId, tag, by }: { stixId: string; tag: string; by: string },
  change: MarkingChange,
): Promise<Remarked> {
  const context = await lockStanding(db, made);
  const producer = context.producer.id;
  const all = await selectEveryVersion(db, producer, stixId);
  const live = liveOf(all);
  const [latest] = live;
  if (all.length === 0) throw new AppError("not-found", "Your organisation stated nothing about this id");
  if (latest === undefined) throw new AppError("already-withdrawn");
  const now = describe(latest);
  if (tag !== now.tag) throw new AppError("edited-meanwhile");
  const before = await holders(db, live);
  const next = { ...now, ...given(change) };
  await putMarking(db, { producer, stixId, by, ...next, ...rowOf(latest, change) });
  if (next.tlp !== now.tlp || next.pap !== now.pap) await restate(db, context, { all, live, latest }, next);
  else if (change.to !== undefined) await readdress(db, context, latest, next.to);
  const { failed } = await reevaluate(db, context, { stixIds: [stixId] });
  // What names it may wait; what its originator asks for is done, or is not.
  for (const { id, error } of failed) if (id === stixId) throw error;
  const every = await selectEveryVersion(db, producer, stixId);
  const after = liveOf(every);
  const [newest = latest] = after;
  const named = every.flatMap((one) => one.named ?? []);
  return { marking: describe(newest), named, before, after: await holders(db, after) };
}

/** The newest first. */
function liveOf(all: readonly KnownVersion[]): KnownVersion[] {
  return all.filter((one) => one.withdrawn_at === null).sort((a, b) => b.rank - a.rank);
}

function describe({ marked, ...latest }: KnownVersion): Marking {
  const said = marked?.named !== null || marked.community ? marked : undefined;
  const { named, community } = said ?? latest;
  const tag = createHash("sha256").update(
    `${latest.version} ${latest.rendition_id} ${marked?.revision ?? 0}`,
  );
  return {
    tlp: marked?.tlp ?? latest.tlp,
    pap: marked === undefined || marked === null ? latest.pap : marked.pap,
    to: community ? null : (named ?? []),
    tag: tag.digest("base64url").slice(0, 22),
  };
}

function given({ tlp, pap, to }: MarkingChange): Partial<Pick<Marking, "tlp" | "pap" | "to">> {
  return { ...(tlp && { tlp }), ...(pap !== undefined && { pap }), ...(to !== undefined && { to }) };
}

/** To whom: what is said now, or was said the same way before; nothing where nothing ever was. */
function rowOf({ marked }: KnownVersion, { to }: MarkingChange) {
  if (to === undefined) return { named: marked?.named ?? null, community: marked?.community ?? false };
  return { named: to, community: to === null };
}

async function holders(db: Queryable, versions: readonly KnownVersion[]): Promise<Set<number>> {
  const before = await SentBefore.read(db, byId(versions));
  return new Set(versions.flatMap((version) => before.of(version).flatMap(({ readers }) => readers)));
}

function byId(versions: readonly KnownVersion[]): Map<string, readonly KnownVersion[]> {
  return new Map(versions.slice(0, 1).map(({ stix_id: id }) => [id, versions]));
}

/** Who is addressed besides: the latest version is what they get. */
async function readdress(
  db: Queryable,
  { gate, producer }: ReleaseContext,
  latest: KnownVersion,
  to: Marking["to"],
): Promise<void> {
  const { stix_id: stixId, version, is_victims: isVictims, limits } = latest;
  const named = to === null ? latest.named : [...new Set([...(latest.named ?? []), ...to])].sort();
  const community = latest.community || to === null;
  const words = { named, community, isVictims, limits };
  const said = resay(gate, producer.id, latest, words);
  await readdressVersions(db, producer.id, [{ stixId, version, ...words, ...said }]);
}

/** The latest version again, under another marking: the same statement, so that stating that once more changes nothing. */
async function restate(
  db: PoolClient,
  context: ReleaseContext,
  { all, live, latest }: { all: KnownVersion[]; live: KnownVersion[]; latest: KnownVersion },
  { tlp, pap, to }: Marking,
): Promise<void> {
  const body = (await selectBodies(db, [latest.rendition_id])).get(latest.rendition_id)?.body;
  if (body === undefined) throw new Error("a version's body is gone");
  const object = remarked(JSON.parse(body) as StixObject, tlp, pap);
  const item: ReleaseItem = {
    ...{ kind: latest.kind, object, tlp, pap: pap ?? undefined, to: to ?? [] },
    ...{ limits: latest.limits, contentHash: latest.content_hash, generated: false, keys: keysOf(object) },
  };
  const { names, ...known } = await readSurroundings(db, context, [item]);
  const decisions = new Decisions(context, known, names);
  const was = live.some((version) => version.is_victims);
  const victims = (await KnownVictims.read(db, context.producer.id, victimNamesOf(object))).of(object, was);
  const decision = decisions.of(object, [item], victims);
  const before = await SentBefore.read(db, byId(live));
  const verdict = nextOf(object, all, latest);
  const send = freshSend(context, { kind: "fresh", item, also: [], index: 0, verdict }, decision, before);
  await sendAgain(db, context, [send], { names, decisions });
}

const MILLISECOND = 1_000n;

/** Later than the version that it follows (STIX 2.1 §3.6), by as little as there is: its creator's own next is no older. */
function remarked(object: StixObject, tlp: Tlp, pap: Pap | null): StixObject {
  const labels: unknown = object.labels;
  const others = Array.isArray(labels) ? labels.filter((label) => !/^pap:/i.test(String(label))) : undefined;
  const { labels: _, ...unlabelled } = object;
  const plain = (
    others === undefined || others.length === 0 ? unlabelled : { ...object, labels: others }
  ) as StixObject;
  const marked = withMarking(plain, { tlp, ...(pap !== null && { pap }) });
  const modified = modifiedOf({ object });
  if (modified === undefined) return marked;
  return { ...marked, modified: timestampFromMicros(microsFromTimestamp(modified) + MILLISECOND) };
}

function nextOf(
  object: StixObject,
  all: readonly KnownVersion[],
  latest: KnownVersion,
): Extract<Verdict, { kind: "new" }> {
  const { content_hash: hash, creator, created, revoked } = latest;
  const modified = modifiedOf({ object });
  const rank = rankAfter(latest, modified ?? timestampFromMicros(BigInt(latest.rank)));
  if (!Number.isSafeInteger(rank)) throw new AppError("conflict", "No version can follow one of that time");
  const version = modified === undefined ? nextOfContent(hash, all) : plainTimestamp(modified);
  return { kind: "new", version, rank, hash, lineage: { creator, created, revoked } };
}
