import { createHash } from "node:crypto";
import type { FormatName } from "@suar/formats";
import type { Platform, Realm } from "@suar/runtime";
import { acceptSubmission, type SubmissionOptions } from "@suar/submit";
import { Connection, PULL_LIMITS, type PullLimits, TaxiiFault, type TaxiiFetch } from "@suar/taxii";
import type { IntakeConfig } from "../config.ts";
import { Fenced } from "../fenced.ts";
import { refuseOwn } from "../pull/own-platform.ts";
import { openCredential } from "../pull/own-source.ts";
import { type KeptPage, keepPlace, type SourceRow } from "../store/source.ts";
import { countPulledUnfinished } from "../store/submission.ts";

/** What pulls of every kind share. */
export type Puller = { platform: Platform; realm: Realm; config: IntakeConfig; fetch: TaxiiFetch };

/** A source whose turn it is. */
export type Turn = {
  row: SourceRow;
  options: SubmissionOptions;
  /** Aborted with Fenced as soon as it is not ours. */
  signal: AbortSignal;
  time: TurnTime;
};

/** What a turn may take, whatever its server does: workers are few, and others wait. */
export type TurnTime = {
  /** Whether it is to end where it stands, to be gone on with after the others. */
  isOver(): boolean;
  /** Aborted with a TaxiiFault when it is cut off. */
  late: AbortSignal;
  end(): void;
};

/** In waits for a server (SUAR_SOURCE_TIMEOUT_MS): for all of one body, for a turn, and for one that does not end by itself. */
const BODY_TIMES = 10;
const TURN_TIMES = 4;
const LATE_TIMES = 30;

export function startTurn({ SUAR_SOURCE_TIMEOUT_MS: ms }: IntakeConfig): TurnTime {
  const began = performance.now();
  const late = new AbortController();
  const tooSlow = (): void =>
    late.abort(
      new TaxiiFault("too-slow", `Its answers took more than ${(LATE_TIMES * ms) / 1_000} s together`),
    );
  const cut = setTimeout(tooSlow, LATE_TIMES * ms);
  return {
    isOver: () => performance.now() - began > TURN_TIMES * ms,
    late: late.signal,
    end: () => clearTimeout(cut),
  };
}

/** Done, or to be gone on with. */
export type Ended = "done" | { goOnInMs: number };

/** Submissions of an organisation's sources that may wait to be normalized: no more is pulled before they are. */
const MOST_WAITING = 8;
export const WAIT_MS = 500;

export async function isBehind({ realm }: Puller, { organisation_id }: SourceRow): Promise<boolean> {
  return (await countPulledUnfinished(realm.write, organisation_id)) >= MOST_WAITING;
}

export function connect(
  { platform, config, fetch }: Puller,
  { row, signal, time }: Pick<Turn, "row" | "signal" | "time">,
): Connection {
  const credential = openCredential(platform.secrets, row);
  return new Connection({
    url: addressOf(row),
    fetch,
    limits: limitsOf(config),
    credential,
    signal: AbortSignal.any([signal, time.late]),
    admit: (from, headers) => refuseOwn(platform, from, headers),
  });
}

export function addressOf({ url }: SourceRow): URL {
  if (url === null) throw new Error("a mailbox has no address");
  return new URL(url);
}

/** A part has to fit into a submission that is read as a whole, with the definitions of its markings. */
function limitsOf({ SUAR_SOURCE_TIMEOUT_MS: ms, SUAR_DOCUMENT_LIMIT: most }: IntakeConfig): PullLimits {
  const partBytes = Math.min(PULL_LIMITS.partBytes, most / 2);
  return {
    ...PULL_LIMITS,
    headersMs: ms,
    idleMs: ms,
    resourceMs: ms,
    bodyMs: BODY_TIMES * ms,
    partBytes,
    objectBytes: Math.min(partBytes, PULL_LIMITS.objectBytes),
  };
}

/** Moves on past what is durable. Throws Fenced where it is another's, or nobody's to pull any more. */
export async function keep({ realm }: Puller, { row, signal }: Turn, page: KeptPage): Promise<void> {
  if (signal.aborted || !(await keepPlace(realm.write, row, page))) throw new Fenced();
}

export type Pulled = {
  format: FormatName;
  origin: NonNullable<SubmissionOptions["origin"]>;
  source: AsyncIterable<Uint8Array>;
  maxBytes: number;
  /** What tells this pull from others of the same content. */
  key: unknown;
  known?: Buffer | undefined;
};

export type Submitted = { id: string; sha256: string };

/** Under a key of its content, so that what a crash cut off and is pulled again is the same submission. */
export async function submitPulled(
  { platform, realm }: Puller,
  { row, ...turn }: Turn,
  { key, origin, ...pulled }: Pulled,
): Promise<Submitted> {
  const options = { ...turn.options, origin };
  let content = Buffer.alloc(0);
  const { id } = await acceptSubmission(realm, platform.queue, {
    ...pulled,
    organisationId: row.organisation_id,
    actor: row.created_by,
    options,
    idempotencyKey: (sha256) => {
      content = Buffer.from(sha256);
      const told = createHash("sha256").update(JSON.stringify([row.id, key, options]));
      return `pull-${told.update(sha256).digest("hex")}`;
    },
  });
  return { id, sha256: content.toString("hex") };
}

export async function* bytesOf(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}
