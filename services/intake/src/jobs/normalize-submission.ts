import { normalizeSubmission } from "@suar/contract";
import { PlanOutdated } from "@suar/gate";
import { handleJob, isConnectionLost, type Platform, type QueueWorker, type Realm } from "@suar/runtime";
import type { IntakeConfig } from "../config.ts";
import { Fenced } from "../fenced.ts";
import { beat, claimSubmission, letGo, noteFailure, type SubmissionRow } from "../store/submission.ts";
import { fail, takeThrough } from "./take-through.ts";

const BEAT_MS = 1_000;

/** The workers of a realm: submissions are normalized side by side, each in batches. */
export async function startNormalizing(
  platform: Platform,
  realm: Realm,
  config: IntakeConfig,
): Promise<QueueWorker> {
  const handler = handleJob(
    normalizeSubmission,
    async ({ submissionId }, stopping) => await normalizeOne(platform, realm, submissionId, stopping),
  );
  return await platform.queue.work(
    realm.name,
    normalizeSubmission.queue,
    [handler],
    realm.kind === "live" ? config.SUAR_NORMALIZERS : 1,
  );
}

/**
 * Takes one submission from its stored bytes to its releases. Idempotent: a submission that is done, or that
 * another worker holds, is left alone; one that a crash or a stop left half done goes on where it stood.
 */
async function normalizeOne(
  platform: Platform,
  realm: Realm,
  submissionId: string,
  stopping: AbortSignal,
): Promise<void> {
  const row = await claimSubmission(realm.write, submissionId);
  if (row === undefined) return;
  let isOurs = true;
  const beating = setInterval(() => {
    beat(realm.write, row.id, row.fence)
      .then((still) => {
        isOurs = still;
      })
      .catch((error: unknown) => platform.log.debug({ err: error }, "no sign of life just now"));
  }, BEAT_MS);
  try {
    await takeThrough(platform, realm, row, () => isOurs && !stopping.aborted);
  } catch (error) {
    // Whoever takes it next goes on where this try stood.
    if (error instanceof Fenced && stopping.aborted) await letGo(realm.write, row.id, row.fence);
    if (error instanceof Fenced) return;
    if (error instanceof PlanOutdated) return await planAnew(platform, realm, row);
    await giveBack(platform, realm, row, error);
    throw error;
  } finally {
    clearInterval(beating);
  }
}

/** Policies, agreements or members changed since it was planned: that is no failure. What is released stays released. */
async function planAnew(platform: Platform, realm: Realm, { id, fence }: SubmissionRow): Promise<void> {
  await letGo(realm.write, id, fence);
  const key = `${id}/${fence}/planned-anew`;
  await platform.queue.wake(realm.name, normalizeSubmission, { submissionId: id }, key);
}

const MOST_FAILURES = 8;
const GIVEN_UP = {
  code: "internal",
  detail: "Suar could not normalize it; its operators see why in the log",
};

/**
 * After an error of ours: another try, unless it failed too often. A database that is away is nobody's fault
 * and counts for nothing.
 */
async function giveBack(platform: Platform, realm: Realm, row: SubmissionRow, error: unknown): Promise<void> {
  try {
    if (!isConnectionLost(error) && (await noteFailure(realm.write, row.id, row.fence)) >= MOST_FAILURES) {
      await fail(platform, realm, row, GIVEN_UP);
    } else await letGo(realm.write, row.id, row.fence);
  } catch (failure) {
    platform.log.debug({ err: failure }, "could not give the submission back; the sweeper will see");
  }
}
