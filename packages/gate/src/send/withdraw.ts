import { AppError } from "@suar/contract";
import { bodyHash } from "@suar/merkle";
import type { PoolClient } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import type { TakenAway } from "../decide/decided.ts";
import { type InternedReason, internReason } from "../decide/intern-decisions.ts";
import { codesOf, commitEntry } from "../entry/leaf.ts";
import { fromVersion, revocationHash } from "../entry/stated.ts";
import type { KnownVersion } from "../judge/judge.ts";
import { internAudiences } from "../store/audience.ts";
import { reopenErased } from "../store/closed.ts";
import { lapseWithdrawn } from "../store/pending.ts";
import { insertEnvelope, type SealedEntry } from "../store/release.ts";
import { type Stub, selectErased } from "../store/rendition.ts";
import { lockProducer, markWithdrawn, selectEveryVersionOf } from "../store/version.ts";
import { endVictimsOf } from "../victims/end-victims.ts";
import { eraseAll } from "./erase.ts";
import { copiesOf, type OwedCopy, readOwed } from "./read-owed.ts";

export type Withdrawn = {
  at: Date;
  versions: number;
  /** Everybody who was ever sent it, the producer among them, with the ids that they know it by. */
  told: ReadonlyMap<number, readonly string[]>;
  /** What the entries that tell of it are of. */
  renditions: readonly number[];
};

/** Why it is taken back, as of the moment in which it is. */
type Because = (at: Date) => TakenAway;

/**
 * Takes back what a producer stated about an id: every version's body is erased from its renditions in this
 * transaction, and everybody who was ever sent one is told, whoever may still have it: under each id that they know it
 * by, of the newest version that they had. Each entry commits to why (`because`, of the moment). Throws `not-found`, and
 * `already-withdrawn` where nobody is left to be told. Nobody else's assertion about the id is touched.
 */
export async function withdraw(
  db: PoolClient,
  context: ReleaseContext,
  stixId: string,
  because: Because,
): Promise<Withdrawn> {
  const { gate, producer } = context;
  await lockProducer(db, gate.realm, producer.id);
  const versions = await selectEveryVersionOf(db, producer.id, [stixId]);
  if (versions.size === 0) throw new AppError("not-found", "Your organisation stated nothing about this id");
  const copies = await readOwed(db, context, versions);
  const live = liveOf(versions);
  if (live.length === 0 && copies.length === 0) throw new AppError("already-withdrawn");
  const { at, entries } = await takeBack(db, context, { ids: [stixId], live, copies }, because);
  const told = new Map<number, string[]>();
  for (const { copy, readers } of entries)
    for (const reader of readers) told.set(reader, [...(told.get(reader) ?? []), copy.id]);
  return { at, versions: live.length, told, renditions: entries.map(({ copy }) => copy.renditionId) };
}

/**
 * The same of many ids at once, by as many statements as of one but for what is erased, which is read by parts. Ids under
 * which there is nothing left to take back are passed over; whoever calls it holds the producer's lock.
 */
export async function withdrawAll(
  db: PoolClient,
  context: ReleaseContext,
  stixIds: readonly string[],
  because: Because,
): Promise<void> {
  if (stixIds.length === 0) return;
  const versions = await selectEveryVersionOf(db, context.producer.id, stixIds);
  const copies = await readOwed(db, context, versions);
  await takeBack(db, context, { ids: stixIds, live: liveOf(versions), copies }, because);
}

function liveOf(versions: ReadonlyMap<string, readonly KnownVersion[]>): KnownVersion[] {
  return [...versions.values()].flat().filter((version) => version.withdrawn_at === null);
}

type Owed = { ids: readonly string[]; live: readonly KnownVersion[]; copies: readonly OwedCopy[] };

async function takeBack(
  db: PoolClient,
  context: ReleaseContext,
  { ids, live, copies }: Owed,
  because: Because,
): Promise<{ at: Date; entries: readonly OwedEntry[] }> {
  const { id: producer } = context.producer;
  const at = await markWithdrawn(db, producer, ids);
  await lapseWithdrawn(db, producer, ids);
  await eraseAll(db, context, live.flatMap(copiesOf), at);
  await endVictimsOf(
    db,
    producer,
    live.map((version) => version.rendition_id),
  );
  const reason = await internReason(db, context, because(at));
  const entries = [...Map.groupBy(copies, ({ id }) => id).values()].flatMap(entriesOf);
  const renditions = entries.map(({ copy }) => copy.renditionId);
  // To whom it was closed, and for whom it is over: what is left of it says nothing, and tells them as it tells the others.
  await reopenErased(db, renditions);
  await insertEnvelope(db, await sealAll(db, context, entries, reason));
  return { at, entries };
}

/** That a copy is taken back, and who is told by it. */
type OwedEntry = { copy: OwedCopy; readers: readonly number[] };

/**
 * Of one id, an entry for each version of which somebody had no newer one: who had an older version alone is not to learn
 * that there was another, or under which marking. What was withdrawn before, its readers know of.
 */
function entriesOf(copies: readonly OwedCopy[]): OwedEntry[] {
  const told = new Set<number>();
  return copies
    .toSorted((a, b) => b.version.rank - a.version.rank)
    .flatMap((copy) => {
      const readers = copy.readers.filter((reader) => !told.has(reader));
      for (const reader of readers) told.add(reader);
      return readers.length === 0 ? [] : [{ copy, readers }];
    });
}

async function sealAll(
  db: PoolClient,
  context: ReleaseContext,
  entries: readonly OwedEntry[],
  reason: InternedReason,
): Promise<SealedEntry[]> {
  const { gate } = context;
  const stubs = await selectErased(
    db,
    entries.map(({ copy }) => copy.renditionId),
  );
  const audienceOf = await internAudiences(
    db,
    gate,
    entries.map(({ readers }) => readers),
  );
  const sealed: SealedEntry[] = [];
  for (const { copy, readers } of entries) {
    const stub = stubs.get(copy.renditionId);
    if (stub === undefined) throw new Error("a copy was withdrawn and not erased");
    const to = { audienceId: audienceOf(readers), recipients: await codesOf(db, gate, readers) };
    sealed.push(sealWithdrawn(context, copy, stub, { ...to, reason }));
  }
  return sealed;
}

function sealWithdrawn(
  { gate, producer }: ReleaseContext,
  { id, renditionId, version }: OwedCopy,
  { type, tlp, pap, body, revocation }: Stub,
  {
    audienceId,
    recipients,
    reason,
  }: { audienceId: number; recipients: readonly string[]; reason: InternedReason },
): SealedEntry {
  const place = { kind: "withdrawn", renditionId, audienceId };
  const leaf = commitEntry(gate, {
    ...place,
    sent: { id, type, tlp, pap, sha256: bodyHash(body), revocation: revocationHash(version, revocation) },
    from: fromVersion(version),
    originator: producer.code,
    recipients,
    decision: reason.body,
  });
  return { ...place, decisionId: reason.id, leaf };
}
