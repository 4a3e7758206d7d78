import type { raiseAlerts, remindOfRecalls, tellOfApprovals } from "@suar/contract";
import { type ReleaseItem, releaseContext, releasing } from "@suar/gate";
import {
  type DirectoryEntry,
  handleJob,
  type JobHandler,
  type Platform,
  type PoolClient,
  type Queryable,
  type Realm,
  type Stop,
  startLoop,
} from "@suar/runtime";
import { releaseOwn } from "../release-own.ts";

/** At most so many rows a transaction. */
const BATCH = 200;
const LOOK_EVERY_MS = 2_000;

/** Something of which organisations are told: rows say what is due, and a row says that it was told. */
export type Telling = {
  job: typeof raiseAlerts | typeof remindOfRecalls | typeof tellOfApprovals;
  /** Takes what is due to one, at most so much; each row once, whoever asks. */
  take(
    db: PoolClient,
    organisation: DirectoryEntry,
    most: number,
  ): Promise<{ rows: number; items: ReleaseItem[] }>;
  /** How many were told. */
  note?(rows: number): void;
};

/** One for which the rows are looked through now and again. */
export type DueTelling = Telling & {
  /** Organisations for which something is due. */
  due(db: Queryable): Promise<number[]>;
};

/** Looks for what is due, also what a crash left behind, and wakes a worker for each organisation. */
export function startTelling(platform: Platform, realm: Realm, { job, due }: DueTelling): { stop: Stop } {
  const step = async (): Promise<boolean> => {
    for (const organisationId of await due(realm.write))
      await platform.queue.wake(realm.name, job, { organisationId }, String(organisationId));
    return false;
  };
  const name = `${job.name}:${realm.name}`;
  return startLoop({ name, log: platform.log, step, busyMs: LOOK_EVERY_MS, idleMs: LOOK_EVERY_MS });
}

/** Releases what is due to one organisation, which reads it in its log: row and release are one transaction. */
export function telling(platform: Platform, realm: Realm, what: Telling): JobHandler {
  return handleJob(what.job, async ({ organisationId }, stopping) => {
    while ((await tellSome(platform, realm, what, organisationId)) === BATCH && !stopping.aborted);
  });
}

async function tellSome(
  platform: Platform,
  realm: Realm,
  { take, note }: Telling,
  organisationId: number,
): Promise<number> {
  const organisation = await platform.directory.byId(organisationId);
  if (organisation === undefined) throw new Error("the organisation is gone");
  const context = await releaseContext(platform, realm, organisation, { submissionId: null, word: "suar" });
  const told = await releasing(
    platform,
    realm,
    async (db) => {
      const { rows, items } = await take(db, organisation, BATCH);
      return { rows, hint: items.length > 0 ? await releaseOwn(db, context, items, platform.log) : "" };
    },
    ({ rows, hint }) => (rows > 0 ? hint : undefined),
  );
  note?.(told.rows);
  return told.rows;
}
