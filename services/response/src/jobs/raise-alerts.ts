import { raiseAlerts } from "@suar/contract";
import { releaseContext } from "@suar/gate";
import {
  channels,
  handleJob,
  type JobHandler,
  metrics,
  type Platform,
  type Realm,
  transaction,
} from "@suar/runtime";
import { alertItem } from "../alert-object.ts";
import { releaseOwn } from "../release-own.ts";
import { markRaised, takeQueued } from "../store/alert.ts";

const BATCH = 200;

/** Releases queued alerts through the gate; release and state are one transaction, so each is raised once. */
export function raising(platform: Platform, realm: Realm): JobHandler {
  return handleJob(raiseAlerts, async ({ organisationId }, stopping) => {
    while ((await raiseBatch(platform, realm, organisationId)) === BATCH && !stopping.aborted);
  });
}

async function raiseBatch(platform: Platform, realm: Realm, organisationId: number): Promise<number> {
  const organisation = await platform.directory.byId(organisationId);
  if (organisation === undefined) throw new Error("the alerts' organisation is gone");
  const context = await releaseContext(platform, realm, organisation, { submissionId: null, word: "suar" });
  const raised = await transaction(realm.write, async (db) => {
    const queued = await takeQueued(db, organisationId, BATCH);
    if (queued.length === 0) return 0;
    const items = queued.map((alert) =>
      alertItem({
        alertId: alert.id,
        rule: alert.rule,
        objectId: alert.object_id,
        seq: alert.seq,
        organisation: organisation.code,
        at: alert.created_at,
      }),
    );
    await releaseOwn(db, context, items);
    await markRaised(
      db,
      queued.map(({ id }) => id),
    );
    return queued.length;
  });
  if (raised > 0) {
    metrics.alerts.labels(realm.name).inc(raised);
    platform.signals.send(channels.release(realm.name));
  }
  return raised;
}
