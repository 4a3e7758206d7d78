import { type Alert, AppError, acknowledgeAlert, actorOf, listAlerts } from "@suar/contract";
import { handle, type Platform, requireOrganisation } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { type AlertRow, acknowledge, selectAlert, selectAlerts } from "../store/alert.ts";

export function registerAlerts(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, listAlerts, async ({ principal, query }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const rows = await selectAlerts(realm.write, caller.organisation.id, {
      state: query.state,
      before: parseAfter(query.after),
      limit: query.limit,
    });
    const last = rows.length === query.limit ? rows.at(-1) : undefined;
    return {
      items: await Promise.all(rows.map((row) => describe(platform, row))),
      ...(last && { next: `${last.seq}.${last.id}` }),
    };
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

function parseAfter(after: string | undefined): { seq: number; id: string } | undefined {
  if (after === undefined) return undefined;
  const match = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(after);
  if (match?.[2] === undefined) throw new AppError("bad-cursor");
  return { seq: Number(match[1]), id: match[2] };
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
