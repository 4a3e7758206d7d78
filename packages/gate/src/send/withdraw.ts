import { AppError } from "@suar/contract";
import { bodyHash } from "@suar/merkle";
import type { PoolClient } from "@suar/runtime";
import {
  isTimestamp,
  microsFromTimestamp,
  revocationOf,
  type StixObject,
  suarId,
  timestampFromDate,
  timestampFromMicros,
  tlpMarkingId,
} from "@suar/stix";
import type { ReleaseContext } from "../context/release-item.ts";
import type { TakenAway } from "../decide/decided.ts";
import { type InternedReason, internReason } from "../decide/intern-decisions.ts";
import { codesOf, commitEntry } from "../entry/leaf.ts";
import type { KnownVersion } from "../judge/judge.ts";
import { saidHash } from "../judge/said.ts";
import { internAudience, selectAudience } from "../store/audience.ts";
import { openClosedEarly } from "../store/closed.ts";
import { lapseWithdrawn } from "../store/pending.ts";
import { insertEnvelope, type SealedEntry } from "../store/release.ts";
import { type Erased, eraseRenditions, type Stub, selectBodies } from "../store/rendition.ts";
import { lockProducer, markWithdrawn, selectEveryVersion } from "../store/version.ts";

export type Withdrawn = {
  at: Date;
  versions: number;
  /** Everybody who was sent it, the producer among them, with the ids that they know it by. */
  told: ReadonlyMap<number, readonly string[]>;
  /** What the entries that tell of it are of. */
  renditions: readonly number[];
};

/**
 * Takes back what a producer stated about an id: every version's body is erased from its renditions in this
 * transaction, and everybody who was sent one is told: under each id that they know it by, of the newest version
 * that they had. Each entry commits to why (`because`, of the moment). Throws `not-found` or `already-withdrawn`. Nobody else's assertion about the id is touched.
 */
export async function withdraw(
  db: PoolClient,
  context: ReleaseContext,
  stixId: string,
  because: (at: Date) => TakenAway,
): Promise<Withdrawn> {
  await lockProducer(db, context.gate.realm, context.producer.id);
  const versions = await selectEveryVersion(db, context.producer.id, stixId);
  if (versions.length === 0)
    throw new AppError("not-found", "Your organisation stated nothing about this id");
  const live = versions.filter((version) => version.withdrawn_at === null);
  if (live.length === 0) throw new AppError("already-withdrawn");
  const at = await markWithdrawn(db, context.producer.id, stixId);
  await lapseWithdrawn(db, context.producer.id, stixId);
  const copies = live.flatMap(copiesOf);
  await openClosedEarly(
    db,
    copies.map(({ renditionId }) => renditionId),
  );
  const stubs = new Map<number, Stub>();
  for (let from = 0; from < copies.length; from += ERASED_AT_ONCE)
    for (const stub of await erase(db, context, copies.slice(from, from + ERASED_AT_ONCE), at))
      stubs.set(stub.id, stub);
  const reason = await internReason(db, context, because(at));
  const entries: SealedEntry[] = [];
  const told = new Map<number, string[]>();
  for (const [shownId, copies] of byShownId(live)) {
    const withdrawn = await withdrawnEntries(db, context, copies, { stubs, reason });
    entries.push(...withdrawn.entries);
    for (const reader of withdrawn.readers) told.set(reader, [...(told.get(reader) ?? []), shownId]);
  }
  await insertEnvelope(db, entries);
  const renditions = entries.map(({ renditionId }) => renditionId);
  return { at, versions: live.length, told, renditions };
}

/** Their bodies are read first. */
const ERASED_AT_ONCE = 50;

/** What is erased can be told from other content under the same id and version all the same, by a hash. */
async function erase(
  db: PoolClient,
  { producer }: ReleaseContext,
  copies: readonly SentCopy[],
  at: Date,
): Promise<Stub[]> {
  const versioned = copies.filter(({ version }) => isTimestamp(version.version));
  const bodies = await selectBodies(
    db,
    versioned.map(({ renditionId }) => renditionId),
  );
  const author = suarId("identity", producer.code);
  const erased = copies.map(({ renditionId: id }): Erased => {
    const rendition = bodies.get(id);
    if (rendition === undefined) return { id, said: undefined, revocation: undefined };
    const object = JSON.parse(rendition.body) as StixObject;
    const micros = revokedAt(object, at);
    const modified = timestampFromMicros(micros);
    const markings = [tlpMarkingId(rendition.tlp)];
    const revoked = revocationOf(object, { modified, author, markings });
    const revocation = revoked && { body: JSON.stringify(revoked), rank: Number(micros) };
    return { id, said: saidHash(object), revocation };
  });
  return await eraseRenditions(db, erased, timestampFromDate(at));
}

/** Later than the version that it follows (STIX 2.1 §3.6), which may be dated ahead of our clock. */
function revokedAt({ modified }: StixObject, at: Date): bigint {
  const now = BigInt(at.getTime()) * 1_000n;
  if (typeof modified !== "string") return now;
  const last = microsFromTimestamp(modified);
  return now > last ? now : last + 1_000n;
}

type SentCopy = { id: string; renditionId: number; audienceId: number; version: KnownVersion };

/** What was sent of a version: the whole of it, and its redacted renditions. */
function copiesOf(version: KnownVersion): SentCopy[] {
  const { stix_id: id, rendition_id: renditionId, audience_id: audienceId, redactions } = version;
  const redacted = redactions.map((one): SentCopy => {
    return { id: one.shown_id, renditionId: one.rendition_id, audienceId: one.audience_id, version };
  });
  return [{ id, renditionId, audienceId, version }, ...redacted];
}

function byShownId(versions: readonly KnownVersion[]): Map<string, SentCopy[]> {
  const copies = new Map<string, SentCopy[]>();
  for (const copy of versions.flatMap(copiesOf)) {
    const known = copies.get(copy.id);
    if (known === undefined) copies.set(copy.id, [copy]);
    else known.push(copy);
  }
  return copies;
}

/**
 * An entry for each version of which somebody had no newer one: who had an older version alone is not to learn that
 * there was another, or under which marking. What was withdrawn before, its readers know of.
 */
async function withdrawnEntries(
  db: PoolClient,
  context: ReleaseContext,
  copies: readonly SentCopy[],
  { stubs, reason }: { stubs: ReadonlyMap<number, Stub>; reason: InternedReason },
): Promise<{ entries: SealedEntry[]; readers: ReadonlySet<number> }> {
  const members = await selectAudience(db, [...new Set(copies.map(({ audienceId }) => audienceId))]);
  const told = new Set<number>();
  const entries: SealedEntry[] = [];
  for (const copy of copies.toSorted((a, b) => b.version.rank - a.version.rank)) {
    const readers = (members.get(copy.audienceId) ?? []).filter((reader) => !told.has(reader));
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
  { type, tlp, pap, body }: Stub,
  {
    audienceId,
    recipients,
    reason,
  }: { audienceId: number; recipients: readonly string[]; reason: InternedReason },
): SealedEntry {
  const place = { kind: "withdrawn", renditionId, audienceId };
  const leaf = commitEntry(gate, {
    ...place,
    sent: { id, type, tlp, pap, sha256: bodyHash(body) },
    from: { id: version.stix_id, version: version.version, contentHash: version.content_hash },
    originator: producer.code,
    recipients,
    decision: reason.body,
  });
  return { ...place, decisionId: reason.id, leaf };
}
