import { joinLimits, ownMarkings, type Victims } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import { keysOf, type StixObject } from "@suar/stix";
import { type Addressed, joinAddressed, statements } from "../context/addressing.ts";
import type { ReleaseContext, ReleaseItem } from "../context/release-item.ts";
import type { KnownVersion } from "../judge/judge.ts";
import { underMarking } from "../judge/marked.ts";
import { selectBodies } from "../store/rendition.ts";
import { selectEveryVersionOf } from "../store/version.ts";
import { KnownVictims } from "../victims/known-victims.ts";
import { victimNamesOf } from "../victims/names-of.ts";
import { SentBefore, type SentCopyBefore } from "./sent-before.ts";

/**
 * A stored version as its originator says it by now: all that it is decided anew from, beside the policies, the readers and
 * what is known of the things that it names. Whoever decides a stored version again, for whatever reason, reads it here.
 */
export type StatedVersion = {
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

/** A version, with what its originator said of the object since, in all newer ones that stand. */
type Later = {
  version: KnownVersion;
  latest: KnownVersion;
  since: (Addressed & { isVictims: boolean }) | undefined;
};

/** Versions of some ids of one producer, without what they say, and what was sent of them. */
export type ReadVersions = {
  byId: ReadonlyMap<string, readonly KnownVersion[]>;
  before: SentBefore;
};

export async function readVersions(
  db: Queryable,
  { producer }: ReleaseContext,
  ids: readonly string[],
): Promise<ReadVersions> {
  const byId = await selectEveryVersionOf(db, producer.id, ids);
  return { byId, before: await SentBefore.read(db, byId) };
}

/** Of these ids of one producer, the versions that stand, of each id the newest first. */
export async function readStatedVersions(
  db: Queryable,
  context: ReleaseContext,
  ids: readonly string[],
  isWanted?: (version: KnownVersion) => boolean,
): Promise<StatedVersion[]> {
  return await stateAmong(db, context, await readVersions(db, context, ids), isWanted);
}

/** The same of one id whose versions are known, all of them. */
export async function statedOf(
  db: Queryable,
  context: ReleaseContext,
  known: readonly KnownVersion[],
  isWanted?: (version: KnownVersion) => boolean,
): Promise<StatedVersion[]> {
  const byId = new Map(known.slice(0, 1).map(({ stix_id: id }) => [id, known]));
  return await stateAmong(db, context, { byId, before: await SentBefore.read(db, byId) }, isWanted);
}

/** What those say that are wanted. */
export async function stateAmong(
  db: Queryable,
  context: ReleaseContext,
  { byId, before }: ReadVersions,
  isWanted: (version: KnownVersion) => boolean = () => true,
): Promise<StatedVersion[]> {
  const wanted = [...byId.values()].flatMap((known) => laterAmong(known, isWanted));
  const bodies = await selectBodies(
    db,
    wanted.map(({ version }) => version.rendition_id),
  );
  const left = wanted.flatMap((later) => {
    const body = bodies.get(later.version.rendition_id)?.body;
    return body === undefined ? [] : [{ ...later, object: JSON.parse(body) as StixObject }];
  });
  const names = new Set(left.flatMap(({ object }) => victimNamesOf(object)));
  const known = await KnownVictims.read(db, context.producer.id, names);
  return left.map((later) => stand(context, later, { known, before }));
}

/** Whether it is decided by who has it: what was stated before its addressees were kept was for those. */
export function isForItsHolders({ version: { named, community } }: StatedVersion): boolean {
  return named === null && !community;
}

/** The newest first: what was said since is added up, so that very many versions of an id cost no more than each its own. */
function laterAmong(known: readonly KnownVersion[], isWanted: (version: KnownVersion) => boolean): Later[] {
  const live = known.filter((one) => one.withdrawn_at === null).sort((a, b) => b.rank - a.rank);
  let since: Later["since"];
  return live.flatMap((version): Later[] => {
    const later = { version, latest: live[0] ?? version, since };
    const isVictims = version.is_victims || since?.isVictims === true;
    const { named, community } = since === undefined ? version : joinAddressed(since, version);
    since = { named, community, isVictims };
    return isWanted(version) ? [later] : [];
  });
}

function stand(
  context: ReleaseContext,
  { object, ...later }: Later & { object: StixObject },
  { known, before }: { known: KnownVictims; before: SentBefore },
): StatedVersion {
  const { version, since } = later;
  const sent = before.of(version);
  const holders = sent.flatMap(({ readers }) => readers);
  const { tlp, pap, limits, sayings } = saidByNow(context, later, holders);
  const was = version.is_victims || since?.isVictims === true;
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
  { version, latest, since }: Later,
  holders: readonly number[],
): Pick<ReleaseItem, "tlp" | "pap" | "limits"> & { sayings: Saying[] } {
  const { tlp = version.tlp, pap } = ownMarkings(markingOf(version), markingOf(latest));
  const own = addressedBefore(context, version, holders);
  const addressed = since === undefined ? own : joinAddressed(own, since);
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
