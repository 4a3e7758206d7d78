import { bodyHash } from "@suar/merkle";
import type { PoolClient, Queryable } from "@suar/runtime";
import { mapReferences, namesIn, type StixObject } from "@suar/stix";
import type { Anew } from "../anew/decide-anew.ts";
import type { SentCopyBefore } from "../anew/sent-before.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import type { Readers } from "../copies/sights.ts";
import { type InternedReason, internReason } from "../decide/intern-decisions.ts";
import { codesOf, commitEntry } from "../entry/leaf.ts";
import { fromVersion, revocationHash } from "../entry/stated.ts";
import type { KnownVersion } from "../judge/judge.ts";
import { internAudience } from "../store/audience.ts";
import { closeRenditions, type LossStub } from "../store/closed.ts";
import { widenCopies } from "../store/redaction.ts";
import { insertEnvelope, type SealedEntry } from "../store/release.ts";
import { selectBodies } from "../store/rendition.ts";
import { widenVersions } from "../store/version.ts";
import { whyLost } from "./why-lost.ts";
import { writeStubs } from "./write-stubs.ts";

/** A copy, and who loses or keeps it. */
export type Lost = { sent: SentCopyBefore; readers: Readers };

type Taken = Pick<Anew, "version" | "decision" | "decisions">;

/** Of each copy, those who may have that copy no more. */
export async function findLost(db: Queryable, anew: Anew): Promise<Lost[]> {
  return lostOf(anew, await selectBodies(db, copiesSent(anew)));
}

/** The renditions of a version whose bodies are asked for: of the whole one it has that itself. */
export function copiesSent({ sent }: Pick<Anew, "sent">): number[] {
  return sent.slice(1).map(({ renditionId }) => renditionId);
}

/** The same where the copies' bodies are known. */
export function lostOf(
  { item, decision, sent }: Anew,
  bodies: ReadonlyMap<number, { body: string }>,
): Lost[] {
  return sent.flatMap((copy): Lost[] => {
    const body = bodies.get(copy.renditionId)?.body;
    const held = copy.viewHash === undefined ? item.object : body && (JSON.parse(body) as StixObject);
    const mayKeep = remembered((due: StixObject) => held === due || (held && saysNoMore(held, due)) === true);
    const readers = copy.readers.filter((reader) => {
      const group = decision.groups.find((one) => one.readers.includes(reader));
      return group === undefined || !mayKeep(group.copy ?? item.object);
    });
    return readers.length === 0 ? [] : [{ sent: copy, readers }];
  });
}

function remembered(ask: (due: StixObject) => boolean): (due: StixObject) => boolean {
  const known = new Map<StixObject, boolean>();
  return (due) => {
    const answer = known.get(due) ?? ask(due);
    known.set(due, answer);
    return answer;
  };
}

export function keepsOf(sent: SentCopyBefore, lost: readonly Lost[]): Lost {
  const gone = lost.find((one) => one.sent === sent)?.readers ?? [];
  return { sent, readers: sent.readers.filter((reader) => !gone.includes(reader)) };
}

/**
 * Of the versions of an object, the newest first: who need not be told of an id, since they were, or have a newer version
 * of it; and who was told.
 */
export class Told {
  readonly #of = new Map<string, Set<number>>();
  readonly #losing = new Map<string, Set<number>>();

  keep(id: string, readers: Readers): void {
    const told = this.#of.get(id) ?? new Set();
    for (const reader of readers) told.add(reader);
    this.#of.set(id, told);
  }

  /** Those who are still to be told, who are told then. */
  take(id: string, readers: Readers): Readers {
    const left = readers.filter((reader) => this.#of.get(id)?.has(reader) !== true);
    this.keep(id, left);
    this.#losing.set(id, new Set([...(this.#losing.get(id) ?? []), ...left]));
    return left;
  }

  /**
   * Of who keeps an older version, those who were told that a newer one of the id is theirs no more: for all that they know
   * nothing of it is left. Each once.
   */
  takeLosing(id: string, readers: Readers): Readers {
    const losing = this.#losing.get(id);
    return readers.filter((reader) => losing?.delete(reader) === true);
  }
}

/** A copy from before may stay where it has the same words, and names nothing that the one that is due does not. */
function saysNoMore(held: StixObject, due: StixObject): boolean {
  const names = new Set(namesIn(due));
  return namesIn(held).every((name) => names.has(name)) && wordsOf(held) === wordsOf(due);
}

function wordsOf(object: StixObject): string {
  const { id: _, ...words } = mapReferences(object, () => undefined);
  return JSON.stringify(words);
}

/** Closes copies to those who lose them, and tells these alone; why, their producer. */
export async function takeAway(
  db: PoolClient,
  context: ReleaseContext,
  anew: Taken,
  lost: readonly Lost[],
  told: Told,
): Promise<void> {
  const { version } = anew;
  for (const { sent, readers } of lost) {
    const left = sent.readers.filter((reader) => !readers.includes(reader));
    await leaveTo(db, context, version, sent, left);
  }
  const closed = lost.flatMap(({ sent: { renditionId }, readers }) =>
    readers.map((reader) => ({ renditionId, reader, why: whyLost(context, anew, reader) })),
  );
  await closeRenditions(db, closed);
  const stubs = await writeStubs(
    db,
    context,
    version,
    lost.map(({ sent }) => sent.renditionId),
  );
  const because = { cause: "decided-anew", policyHash: context.policies.hash } as const;
  const reason = await internReason(db, context, because);
  const entries: SealedEntry[] = [];
  // Where its readers have a newer version the entry is for nobody: the log has each loss.
  for (const [n, { sent, readers }] of lost.entries()) {
    const stub = stubs[n];
    if (stub === undefined) throw new Error("what tells of a loss was not written");
    const to = told.take(sent.id, readers);
    entries.push(await sealLoss(db, context, version, stub, { readers: to, reason }));
  }
  await insertEnvelope(db, entries);
}

async function leaveTo(
  db: Queryable,
  { gate, producer }: ReleaseContext,
  { stix_id: stixId, version }: KnownVersion,
  sent: SentCopyBefore,
  readers: Readers,
): Promise<void> {
  const audienceId = await internAudience(db, gate, readers);
  if (sent.viewHash === undefined) await widenVersions(db, producer.id, [{ stixId, version, audienceId }]);
  else await widenCopies(db, [{ renditionId: sent.renditionId, audienceId }]);
}

async function sealLoss(
  db: Queryable,
  { gate, producer }: ReleaseContext,
  version: KnownVersion,
  stub: LossStub,
  { readers, reason }: { readers: Readers; reason: InternedReason },
): Promise<SealedEntry> {
  const { type, tlp, pap, body } = stub;
  const revocation = revocationHash(version, stub.revocation);
  const audienceId = await internAudience(db, gate, readers);
  const place = { kind: "withdrawn", renditionId: stub.id, audienceId };
  const leaf = commitEntry(gate, {
    ...place,
    sent: { id: stub.stix_id, type, tlp, pap, sha256: bodyHash(body), revocation },
    from: fromVersion(version),
    originator: producer.code,
    recipients: await codesOf(db, gate, readers),
    decision: reason.body,
  });
  return { ...place, decisionId: reason.id, leaf };
}
