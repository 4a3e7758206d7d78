import { createHash, randomUUID } from "node:crypto";
import { AppError, normalizeSubmission } from "@suar/contract";
import type { FormatName } from "@suar/formats";
import { PUBLIC } from "@suar/policy";
import {
  appendEvent,
  type JobQueue,
  type PoolClient,
  type Queryable,
  type Realm,
  transaction,
} from "@suar/runtime";
import { claimIdempotencyKey, deleteChunks, insertChunk, insertSubmission } from "./store.ts";
import type { SubmissionOptions } from "./submission-options.ts";

export type Acceptance = {
  organisationId: number;
  /** Who submits, as `actorOf` writes it. */
  actor: string;
  /** On whose word, as `wordOf` writes it, where that is not the actor's own. */
  word?: string | undefined;
  format: FormatName;
  options: SubmissionOptions;
  source: AsyncIterable<Uint8Array>;
  maxBytes: number;
  /** One made of the content's hash is for content that is a stream: the same again is the same submission. */
  idempotencyKey?: string | ((sha256: Buffer) => string) | undefined;
  /** The hash of content that is not to be submitted again: KnownContent is thrown, and nothing stored. */
  known?: Buffer | undefined;
};

/** The content is the one that was known. */
export class KnownContent extends Error {
  override readonly name = "KnownContent";
}

export type Accepted = { id: string; repeated: boolean };

const CHUNK = 1024 * 1024;

/**
 * The one way in, for HTTP, TAXII, sources and drills. Resolves once the bytes are durable: from then on the
 * submission is never lost, whatever happens to queue, worker or process. Throws `too-large`, `empty`,
 * `red-needs-people` or `unknown-member` in a drill, `idempotency-mismatch`, or KnownContent; nothing is stored then. Memory stays at a chunk, whatever the size.
 */
export async function acceptSubmission(
  realm: Realm,
  queue: JobQueue,
  acceptance: Acceptance,
): Promise<Accepted> {
  requireInside(realm, acceptance.options);
  const id = randomUUID();
  let accepted: Accepted;
  try {
    const stored = await storeChunks(realm.write, id, acceptance);
    if (acceptance.known?.equals(stored.sha256)) throw new KnownContent("known");
    accepted = await transaction(
      realm.write,
      async (db) => await storeSubmission(db, id, stored, acceptance),
    );
  } catch (error) {
    await deleteChunks(realm.write, id).catch(() => undefined); // the sweeper deletes what this could not
    if (!(error instanceof Repeated)) throw error;
    accepted = { id: error.submissionId, repeated: true };
  }
  // After commit and not waited for: a lost wake is the sweeper's work.
  void queue.wake(realm.name, normalizeSubmission, { submissionId: accepted.id }, accepted.id);
  return accepted;
}

/**
 * A drill is sealed off: people have their inboxes in the live realm, and the public reads that alone. Throws
 * `red-needs-people` or `unknown-member`.
 */
export function requireInside({ kind }: Pick<Realm, "kind">, options: SubmissionOptions): void {
  if (kind === "live") return;
  if (options.people !== undefined) throw new AppError("red-needs-people", "A drill has no inboxes");
  if ([...options.to, ...(options.limits?.releasableTo ?? [])].includes(PUBLIC.code))
    throw new AppError("unknown-member", "A drill has no public");
}

type Stored = { bytes: number; sha256: Buffer; last: { n: number; bytes: Buffer } };

/** The last chunk, the key's claim and the row that makes the chunks a submission: all or nothing. */
async function storeSubmission(
  db: PoolClient,
  id: string,
  stored: Stored,
  acceptance: Acceptance,
): Promise<Accepted> {
  const { organisationId, actor, word, format, options } = acceptance;
  const idempotencyKey = keyOf(acceptance, stored);
  if (idempotencyKey !== undefined) {
    const requestHash = createHash("sha256")
      .update(stored.sha256)
      .update(JSON.stringify([format, options]))
      .digest();
    const earlier = await claimIdempotencyKey(db, {
      actor,
      key: idempotencyKey,
      requestHash,
      submissionId: id,
    });
    if (earlier !== undefined) {
      if (!earlier.requestHash.equals(requestHash)) throw new AppError("idempotency-mismatch");
      throw new Repeated(earlier.submissionId);
    }
  }
  const { bytes, sha256, last } = stored;
  await insertSubmission(db, { id, organisationId, actor, word, format, options, bytes, sha256 }, last);
  await appendEvent(db, {
    type: "submission-received.v1",
    actor,
    subject: id,
    fields: { organisationId, format, bytes },
  });
  return { id, repeated: false };
}

function keyOf({ idempotencyKey }: Acceptance, { sha256 }: Stored): string | undefined {
  return typeof idempotencyKey === "function" ? idempotencyKey(sha256) : idempotencyKey;
}

/** Rolls back what a repeated request stored, and carries the first one's id out. */
class Repeated extends Error {
  readonly submissionId: string;
  constructor(submissionId: string) {
    super("repeated");
    this.submissionId = submissionId;
  }
}

// A slow line must not hold a transaction open: all chunks but the last are committed as they come, and are
// nobody's until the submission's row stands.
async function storeChunks(db: Queryable, id: string, { source, maxBytes }: Acceptance): Promise<Stored> {
  const hash = createHash("sha256");
  let bytes = 0;
  let n = 0;
  let pending: Uint8Array[] = [];
  let size = 0;
  for await (const part of source) {
    bytes += part.byteLength;
    if (bytes > maxBytes) throw new AppError("too-large", `At most ${maxBytes} bytes of this format`);
    if (size >= CHUNK) {
      await insertChunk(db, id, n++, Buffer.concat(pending));
      pending = [];
      size = 0;
    }
    hash.update(part);
    pending.push(part);
    size += part.byteLength;
  }
  if (bytes === 0) throw new AppError("empty");
  return { bytes, sha256: hash.digest(), last: { n, bytes: Buffer.concat(pending) } };
}
