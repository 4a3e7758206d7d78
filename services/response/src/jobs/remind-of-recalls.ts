import { remindOfRecalls } from "@suar/contract";
import { releaseContext } from "@suar/gate";
import {
  channels,
  handleJob,
  type JobHandler,
  type Platform,
  type Realm,
  type Stop,
  startLoop,
  transaction,
} from "@suar/runtime";
import { releaseOwn } from "../release-own.ts";
import { reminderItem } from "../reminder-object.ts";
import { selectOrganisationsToRemind, takeDueReminders } from "../store/recall-reminder.ts";

const BATCH = 200;
const LOOK_EVERY_MS = 5_000;

/** Looks for reminders that are due, also those that a crash left behind, and wakes a worker for each receiver. */
export function startRemindersSweep(platform: Platform, realm: Realm): { stop: Stop } {
  const step = async (): Promise<boolean> => {
    for (const organisationId of await selectOrganisationsToRemind(realm.write))
      await platform.queue.wake(realm.name, remindOfRecalls, { organisationId }, String(organisationId));
    return false;
  };
  const name = `recalls:${realm.name}`;
  return startLoop({ name, log: platform.log, step, busyMs: LOOK_EVERY_MS, idleMs: LOOK_EVERY_MS });
}

/** Releases due reminders to one receiver, who reads them in its log: row and release are one transaction. */
export function reminding(platform: Platform, realm: Realm): JobHandler {
  return handleJob(remindOfRecalls, async ({ organisationId }, stopping) => {
    while ((await remindSome(platform, realm, organisationId)) === BATCH && !stopping.aborted);
  });
}

async function remindSome(platform: Platform, realm: Realm, organisationId: number): Promise<number> {
  const { directory } = platform;
  const organisation = await directory.byId(organisationId);
  if (organisation === undefined) throw new Error("the reminded organisation is gone");
  const context = await releaseContext(platform, realm, organisation, { submissionId: null, word: "suar" });
  const reminded = await transaction(realm.write, async (db) => {
    const due = await takeDueReminders(db, organisationId, BATCH);
    if (due.length === 0) return 0;
    const items = await Promise.all(
      due.map(async ({ recall_id: recallId, stage, at, due_at: dueAt, producer, known_as: knownAs }) =>
        reminderItem({
          recallId,
          stage,
          producer: (await directory.byId(producer))?.code ?? "?",
          knownAs,
          organisation: organisation.code,
          at,
          dueAt,
        }),
      ),
    );
    await releaseOwn(db, context, items);
    return due.length;
  });
  if (reminded > 0) platform.signals.send(channels.release(realm.name));
  return reminded;
}
