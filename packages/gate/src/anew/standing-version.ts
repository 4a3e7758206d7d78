import { joinLimits, ownMarkings, type Victims } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import { keysOf, type StixObject } from "@suar/stix";
import { type Addressed, joinAddressed, statements } from "../context/addressing.ts";
import type { ReleaseContext, ReleaseItem } from "../context/release-item.ts";
import type { KnownVersion } from "../judge/judge.ts";
import { underMarking } from "../judge/marked.ts";
import { selectBodies } from "../store/rendition.ts";
import { hasMore, selectEveryVersion, selectVersions } from "../store/version.ts";
import { KnownVictims } from "../victims/known-victims.ts";
import { victimNamesOf } from "../victims/names-of.ts";
import { SentBefore, type SentCopyBefore } from "./sent-before.ts";

/**
 * A stored version as its originator says it by now: all that it is decided anew from, beside the policies, the readers and
 * what is known of the things that it names. Whoever decides a stored version again, for whatever reason, reads it here.
 */
export type StandingVersion = {
  version: KnownVersion;
  object: StixObject;
  /** As it would be handed to the gate now. */
  item: ReleaseItem;
  /** What of it is a victim's, as was said then, or since, or of what it names; undefined where nothing is. */
  victims: Victims | undefined;
  /** Under which marking, and to whom, its originator says it: once for each way of saying it. */
  sayings: readonly Saying[];
  /** What was sent of it, to whom; the whole one first. */
  sent: readonly SentCopyBefore[];
  /** To which jurisdictions it told of its people by that. */
  importers: ReadonlySet<string>;
  /** The same of all versions of its id, of those that were taken back, too. */
  before: SentBefore;
};

type Saying = Pick<ReleaseItem, "tlp" | "pap" | "to" | "limits">;

/** A version, with what its originator said of the object since, the newest first. */
type Later = { version: KnownVersion; since: readonly KnownVersion[] };

/** Of these ids of one producer, the versions that stand, of each id the newest first. */
export async function readStandingVersions(
  db: Queryable,
  context: ReleaseContext,
  ids: readonly string[],
  isWanted: (version: KnownVersion) => boolean = () => true,
): Promise<StandingVersion[]> {
  const { producer } = context;
  const versions = await selectVersions(db, producer.id, ids);
  for (const [id, known] of versions)
    if (known.some(hasMore)) versions.set(id, await selectEveryVersion(db, producer.id, id));
  return await standingAmong(db, context, versions, isWanted);
}

/** The same of one id whose versions are known, all of them. */
export async function standingOf(
  db: Queryable,
  context: ReleaseContext,
  known: readonly KnownVersion[],
  isWanted: (version: KnownVersion) => boolean = () => true,
): Promise<StandingVersion[]> {
  const byId = new Map(known.slice(0, 1).map(({ stix_id: id }) => [id, known]));
  return await standingAmong(db, context, byId, isWanted);
}

async function standingAmong(
  db: Queryable,
  context: ReleaseContext,
  byId: ReadonlyMap<string, readonly KnownVersion[]>,
  isWanted: (version: KnownVersion) => boolean,
): Promise<StandingVersion[]> {
  const wanted = [...byId.values()].flatMap(laterOf).filter(({ version }) => isWanted(version));
  const bodies = await selectBodies(
    db,
    wanted.map(({ version }) => version.rendition_id),
  );
  const before = await SentBefore.read(db, byId);
  const left = wanted.flatMap((later) => {
    const body = bodies.get(later.version.rendition_id)?.body;
    return body === undefined ? [] : [{ ...later, object: JSON.parse(body) as StixObject }];
  });
  const names = new Set(left.flatMap(({ object }) => victimNamesOf(object)));
  const known = await KnownVictims.read(db, context.producer.id, names);
  return left.map((later) => stand(context, later, { known, before }));
}

function laterOf(known: readonly KnownVersion[]): Later[] {
  const live = known.filter((one) => one.withdrawn_at === null).sort((a, b) => b.rank - a.rank);
  return live.map((version, n) => ({ version, since: live.slice(0, n) }));
}

function stand(
  context: ReleaseContext,
  { version, since, object }: Later & { object: StixObject },
  { known, before }: { known: KnownVictims; before: SentBefore },
): StandingVersion {
  const sent = before.of(version);
  const holders = sent.flatMap(({ readers }) => readers);
  const { tlp, pap, limits, sayings } = saidByNow(context, { version, since }, holders);
  const was = version.is_victims || since.some((newer) => newer.is_victims);
  const item: ReleaseItem = {
    ...{ kind: version.kind, object, tlp, pap, limits },
    to: version.named ?? [],
    contentHash: version.content_hash,
    generated: false,
    keys: keysOf(object),
  };
  const importers = importersOf(context, holders);
  return { version, object, item, victims: known.of(object, was), sayings, sent, importers, before };
}

/** Its own marking and limits or its producer's latest for the id, whichever are stricter; to all whom it ever named. */
function saidByNow(
  context: ReleaseContext,
  { version, since }: Later,
  holders: readonly number[],
): Pick<ReleaseItem, "tlp" | "pap" | "limits"> & { sayings: Saying[] } {
  const [latest = version] = since;
  const { tlp = version.tlp, pap } = ownMarkings(markingOf(version), markingOf(latest));
  const addressed = [addressedBefore(context, version, holders), ...since].reduce(joinAddressed);
  const limits = joinLimits(version.limits, latest.limits);
  const sayings = statements(addressed).map(({ to }) =>
    underMarking({ to, limits, tlp, pap }, version.marked),
  );
  return { tlp, pap, limits, sayings };
}

/** What was stated before this was kept was for those who have it. */
function addressedBefore(
  { producer, organisations }: ReleaseContext,
  { named, community }: KnownVersion,
  holders: readonly number[],
): Addressed {
  if (named !== null || community) return { named, community };
  const have = new Set([...holders, producer.id]);
  return { named: organisations.filter(({ id }) => have.has(id)).map(({ code }) => code), community };
}

function markingOf({ tlp, pap }: KnownVersion): {
  tlp: KnownVersion["tlp"];
  pap?: NonNullable<KnownVersion["pap"]>;
} {
  return { tlp, ...(pap !== null && { pap }) };
}

function importersOf(
  { organisations }: Pick<ReleaseContext, "organisations">,
  holders: readonly number[],
): Set<string> {
  const have = new Set(holders);
  return new Set(organisations.flatMap(({ id, member }) => (have.has(id) ? [member] : [])));
}
