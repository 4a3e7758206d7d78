import { AppError } from "@suar/contract";
import { bodyHash } from "@suar/merkle";
import type { PoolClient, Queryable } from "@suar/runtime";
import { isTimestamp, type StixObject, timestampFromDate } from "@suar/stix";
import type { ReleaseContext } from "../context/release-item.ts";
import type { TakenAway } from "../decide/decided.ts";
import { type InternedReason, internReason } from "../decide/intern-decisions.ts";
import { codesOf, commitEntry } from "../entry/leaf.ts";
import { fromVersion, revocationHash } from "../entry/stated.ts";
import { saidHash } from "../judge/said.ts";
import { internAudience } from "../store/audience.ts";
import { reopenErased } from "../store/closed.ts";
import { lapseWithdrawn } from "../store/pending.ts";
import { insertEnvelope, type SealedEntry } from "../store/release.ts";
import { type Erased, eraseRenditions, type Stub, selectBodies, selectErased } from "../store/rendition.ts";
import { lockProducer, markWithdrawn, selectEveryVersion } from "../store/version.ts";
import { endVictimsOf } from "../victims/end-victims.ts";
import { copiesOf, type OwedCopy, readOwed, type SentCopy } from "./read-owed.ts";
import { revokedVersion } from "./revoked-version.ts";

export type Withdrawn = {
  at: Date;
  versions: number;
  /** Everybody who was ever sent it, the producer among them, with the ids that they know it by. */
  told: ReadonlyMap<number, readonly string[]>;
  /** What the entries that tell of it are of. */
  renditions: readonly number[];
};

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
  because: (at: Date) => TakenAway,
): Promise<Withdrawn> {
  const { producer } = context;
  await lockProducer(db, context.gate.realm, producer.id);
  const versions = await selectEveryVersion(db, producer.id, stixId);
  if (versions.length === 0)
    throw new AppError("not-found", "Your organisation stated nothing about this id");
  const live = versions.filter((version) => version.withdrawn_at === null);
  const copies = await readOwed(db, context, stixId, versions);
  if (live.length === 0 && copies.length === 0) throw new AppError("already-withdrawn");
  const at = await markWithdrawn(db, producer.id, stixId);
  await lapseWithdrawn(db, producer.id, stixId);
  await eraseAll(db, context, live.flatMap(copiesOf), at);
  await endVictimsOf(
    db,
    producer.id,
    live.map((version) => version.rendition_id),
  );
  const reason = await internReason(db, context, because(at));
  const entries: SealedEntry[] = [];
  const told = new Map<number, string[]>();
  for (const [shownId, sent] of Map.groupBy(copies, ({ id }) => id)) {
    const withdrawn = await withdrawnEntries(db, context, sent, reason);
    entries.push(...withdrawn.entries);
    for (const reader of withdrawn.readers) told.set(reader, [...(told.get(reader) ?? []), shownId]);
  }
  const renditions = entries.map(({ renditionId }) => renditionId);
  // To whom it was closed, and for whom it is over: what is left of it says nothing, and tells them as it tells the others.
  await reopenErased(db, renditions);
  await insertEnvelope(db, entries);
  return { at, versions: live.length, told, renditions };
}

async function eraseAll(
  db: Queryable,
  context: ReleaseContext,
  copies: readonly SentCopy[],
  at: Date,
): Promise<void> {
  for (let from = 0; from < copies.length; from += ERASED_AT_ONCE)
    await erase(db, context, copies.slice(from, from + ERASED_AT_ONCE), at);
}

/** Their bodies are read first. */
const ERASED_AT_ONCE = 50;

/** What is erased can be told from other content under the same id and version all the same, by a hash. */
async function erase(
  db: Queryable,
  { producer }: ReleaseContext,
  copies: readonly SentCopy[],
  at: Date,
): Promise<void> {
  const versioned = copies.filter(({ version }) => isTimestamp(version.version));
  const bodies = await selectBodies(
    db,
    versioned.map(({ renditionId }) => renditionId),
  );
  const erased = copies.map(({ renditionId: id }): Erased => {
    const rendition = bodies.get(id);
    if (rendition === undefined) return { id, said: undefined, revocation: undefined };
    const object = JSON.parse(rendition.body) as StixObject;
    const revocation = revokedVersion(object, { producer: producer.code, tlp: rendition.tlp, at });
    return { id, said: saidHash(object), revocation };
  });
  await eraseRenditions(db, erased, timestampFromDate(at));
}

/**
 * An entry for each version of which somebody had no newer one: who had an older version alone is not to learn that
 * there was another, or under which marking. What was withdrawn before, its readers know of.
 */
async function withdrawnEntries(
  db: Queryable,
  context: ReleaseContext,
  copies: readonly OwedCopy[],
  reason: InternedReason,
): Promise<{ entries: SealedEntry[]; readers: ReadonlySet<number> }> {
  const stubs = await selectErased(
    db,
    copies.map(({ renditionId }) => renditionId),
  );
  const told = new Set<number>();
  const entries: SealedEntry[] = [];
  for (const copy of copies.toSorted((a, b) => b.version.rank - a.version.rank)) {
    const readers = copy.readers.filter((reader) => !told.has(reader));
    if (readers.length === 0) continue;
    for (const reader of readers) told.add(reader);
    const stub = stubs.get(copy.renditionId);
    if (stub === undefined) throw new Error("a copy was withdrawn and not erased");
    const to = {
      audienceId: await internAudience(db, context.gate, readers),
      recipients: await codesOf(db, context.gate, readers),
    };
    entries.push(sealWithdrawn(context, copy, stub, { ...to, reason }));
  }
  return { entries, readers: told };
}

function sealWithdrawn(
  { gate, producer }: ReleaseContext,
  { id, renditionId, version }: SentCopy,
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
