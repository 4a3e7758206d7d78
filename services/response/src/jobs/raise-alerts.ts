import { raiseAlerts } from "@suar/contract";
import { metrics, type Realm } from "@suar/runtime";
import { alertItem } from "../alert-object.ts";
import { markRaised, takeQueued } from "../store/alert.ts";
import type { Telling } from "./tell-organisations.ts";

/** Queued alerts, each raised once; matching wakes for them (`startMatching`). */
export function queuedAlerts(realm: Realm): Telling {
  return {
    job: raiseAlerts,
    take: async (db, { id, code: organisation }, most) => {
      const queued = await takeQueued(db, id, most);
      const items = queued.map((alert) =>
        alertItem({
          alertId: alert.id,
          rule: alert.rule,
          objectId: alert.object_id,
          seq: alert.seq,
          organisation,
          at: alert.created_at,
        }),
      );
      const ids = queued.map((alert) => alert.id);
      if (ids.length > 0) await markRaised(db, ids);
      return { rows: ids.length, items };
    },
    note: (rows) => metrics.alerts.labels(realm.name).inc(rows),
  };
}
