import {
  type Alert,
  AppError,
  acknowledgeAlert,
  actorOf,
  cutPage,
  formatListPlace,
  listAlerts,
  parseListPlace,
} from "@suar/contract";
import { handle, type Platform, requireOrganisation } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { type AlertRow, acknowledge, selectAlert, selectAlerts } from "../store/alert.ts";

export function registerAlerts(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, listAlerts, async ({ principal, query }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const found = await selectAlerts(realm.write, caller.organisation.id, {
      state: query.state,
      after: parseListPlace(query.after),
      limit: query.limit + 1,
    });
    const { rows, ...next } = cutPage(found, query.limit, ({ seq: key, id }) => formatListPlace({ key, id }));
    return { items: await Promise.all(rows.map((row) => describe(platform, row))), ...next };
  });

  handle(app, platform.authenticator, acknowledgeAlert, async ({ principal, params }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const row = await selectAlert(realm.write, params.id, caller.organisation.id);
    if (row === undefined) throw new AppError("not-found");
    if (row.state === "queued") throw new AppError("conflict", "The alert is not raised yet");
    await acknowledge(realm.write, row.id, actorOf(caller));
    const now = await selectAlert(realm.write, row.id, caller.organisation.id);
    return await describe(platform, now ?? row);
  });
}

async function describe(platform: Platform, row: AlertRow): Promise<Alert> {
  return {
    id: row.id,
    rule: { id: row.rule_id, name: row.rule },
    state: row.state,
    seq: row.seq,
    object: row.object_id,
    producer: (await platform.directory.byId(row.producer))?.code ?? "?",
    raisedAt: row.raised_at?.toISOString() ?? null,
    acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
    acknowledgedBy: row.acknowledged_by,
  };
}
