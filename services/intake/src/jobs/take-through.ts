import { AppError, normalizeSubmission } from "@suar/contract";
import { FormatError } from "@suar/formats";
import { type ReleaseContext, releaseContext } from "@suar/gate";
import { directoryOf, metrics, type Platform, type Realm } from "@suar/runtime";
import { hasUnfinished } from "@suar/submit";
import { normalizeContext } from "../normalize/normalize-context.ts";
import { releaseRedStaged } from "../release/release-red-staged.ts";
import { releaseStaged, type ToRelease } from "../release/release-staged.ts";
import { clearStaged } from "../stage/clear-staged.ts";
import { notStatedOf } from "../stage/pass-over-held.ts";
import { stageSubmission } from "../stage/stage-submission.ts";
import { Staging } from "../stage/staging.ts";
import { failSubmission, letGo, type SubmissionRow, selectLetGo } from "../store/submission.ts";
import { findAddressees } from "../submission/find-addressees.ts";
import { problemOfFormat } from "../submission/input.ts";

/**
 * Takes a submission that is ours through staging and release. One that has to wait for an earlier one is let
 * go, and woken when that has ended.
 */
export async function takeThrough(
  platform: Platform,
  realm: Realm,
  row: SubmissionRow,
  mayGoOn: () => boolean,
): Promise<void> {
  const producer = await platform.directory.byId(row.organisation_id);
  if (producer === undefined) throw new Error("the submission's organisation is gone");
  const receivedAt = row.received_at.toISOString();
  const context = {
    ...(await normalizeContext(platform, realm, producer, receivedAt, row.options)),
    notStated: await notStatedOf(row.options, producer, directoryOf(realm, platform.directory)),
  };
  const said = { submissionId: row.id, word: row.word ?? row.actor, receivedAt };
  const of = await releaseContext(platform, realm, producer, said);
  let staged: Pick<ToRelease, "staging" | "tally"> & Partial<Pick<SubmissionRow, "options" | "released">>;
  try {
    const place = { realm, signals: platform.signals };
    staged = (await stagedBefore(realm, row)) ?? (await stageSubmission(place, row, context, of, mayGoOn));
  } catch (error) {
    const problem = error instanceof FormatError ? problemOfFormat(error) : error;
    if (!(problem instanceof AppError)) throw error;
    await fail(platform, realm, row, { code: problem.code, detail: problem.detail ?? problem.message });
    return;
  }
  const { options = row.options, released = row.released } = staged;
  const toRelease = { ...staged, row: { ...row, options, released }, mayGoOn };
  if (row.options.people !== undefined) {
    await takeToPeople(platform, realm, toRelease, of);
    return;
  }
  const ended = await releaseStaged(realm, platform, toRelease, of);
  if (ended === "waits") {
    await letGo(realm.write, row.id, row.fence);
    // What it waits for may have ended just now, and found nothing to wake.
    if (!(await hasUnfinished(realm.write, row.organisation_id, { us: row.received_us, id: row.id })))
      await wakeWaiting(platform, realm, row);
    return;
  }
  await staged.staging.clear();
  metrics.submissions.labels(realm.name, "done").inc();
  await wakeWaiting(platform, realm, row);
}

/** Into the inboxes of those whom it names. It waits for nothing, and nothing waits for it. */
async function takeToPeople(
  platform: Platform,
  realm: Realm,
  toRelease: ToRelease,
  release: ReleaseContext,
): Promise<void> {
  const { row, staging } = toRelease;
  try {
    const people = await findAddressees(platform.directory, row.options.people ?? []);
    const context = { ...release, submitter: row.actor, people };
    await releaseRedStaged(realm, platform.signals, toRelease, context);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await fail(platform, realm, row, { code: error.code, detail: error.detail ?? error.message });
    return;
  }
  await staging.clear();
}

/** Staging is unlogged: after a crash of PostgreSQL the table is empty and the count tells. */
async function stagedBefore(realm: Realm, row: SubmissionRow): Promise<{ staging: Staging } | undefined> {
  if (row.staged === null) return undefined;
  const staging = await Staging.found(realm, row.id, row.staged);
  return staging && { staging };
}

/** Ends a submission that cannot be taken. */
export async function fail(
  platform: Platform,
  realm: Realm,
  row: SubmissionRow,
  problem: { code: string; detail: string },
): Promise<void> {
  if (!(await failSubmission(realm.write, row.id, row.fence, problem))) return;
  await clearStaged(realm.write, row.id);
  if (row.options.people !== undefined) return; // TLP:RED is in no count, and nothing waits for it
  metrics.submissions.labels(realm.name, "failed").inc();
  await wakeWaiting(platform, realm, row);
}

/** Those that wait go one after the other; who is not woken here is found by the sweeper. */
const MOST_WOKEN = 1;

/** Wakes the oldest of those that may have waited for a submission. */
async function wakeWaiting(
  platform: Platform,
  realm: Realm,
  { organisation_id }: SubmissionRow,
): Promise<void> {
  for (const { id, fence } of await selectLetGo(realm.write, organisation_id, MOST_WOKEN))
    await platform.queue.wake(realm.name, normalizeSubmission, { submissionId: id }, `${id}/${fence}`);
}
