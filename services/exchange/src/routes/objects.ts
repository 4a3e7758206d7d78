import { AppError, actorOf, getObject, listObjects, withdrawObject } from "@suar/contract";
import { withdraw } from "@suar/gate";
import {
  appendEvent,
  channels,
  handle,
  type Platform,
  requireOrganisation,
  transaction,
} from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { countOthers, toAssertions } from "../assertions.ts";
import { selectAssertions, selectNewest } from "../store/assertion.ts";

export function registerObjects(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, listObjects, async ({ principal, query }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const producer =
      query.producer === undefined ? undefined : await platform.directory.byCode(query.producer);
    if (query.producer !== undefined && producer === undefined) return { items: [] };
    const before = query.after === undefined ? Number.MAX_SAFE_INTEGER : Number(query.after);
    if (!Number.isSafeInteger(before) || before < 0) throw new AppError("bad-cursor");
    const rows = await realm.readAs(caller.organisation.id, async (db) =>
      selectNewest(db, { type: query.type, producer: producer?.id, before, limit: query.limit }),
    );
    const last = rows.length === query.limit ? rows.at(-1) : undefined;
    return { items: await toAssertions(platform.directory, rows), ...(last && { next: String(last.seq) }) };
  });

  handle(app, platform.authenticator, getObject, async ({ principal, params }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    return await realm.readAs(caller.organisation.id, async (db) => {
      const rows = await selectAssertions(db, params.id);
      if (rows.length === 0) throw new AppError("not-found");
      const others = await countOthers(db, platform.directory, rows);
      return {
        id: params.id,
        assertions: await toAssertions(platform.directory, rows),
        alsoReportedBy: Math.max(0, ...others.values()),
      };
    });
  });

  handle(app, platform.authenticator, withdrawObject, async ({ principal, params, body }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const context = {
      realm: realm.name,
      producer: caller.organisation,
      organisations: await platform.directory.active(),
      submissionId: null,
      receivedAt: new Date().toISOString(),
      leafKey: platform.secrets.key(realm.purpose("leaf")),
    };
    const { at, versions } = await transaction(realm.write, async (db) => {
      const done = await withdraw(db, context, params.id);
      const fields = { versions: done.versions, ...(body?.reason !== undefined && { reason: body.reason }) };
      await appendEvent(db, {
        type: "object-withdrawn.v1",
        actor: actorOf(caller),
        subject: params.id,
        fields,
      });
      return done;
    });
    platform.signals.send(channels.release(realm.name));
    return { id: params.id, withdrawnAt: at.toISOString(), versions };
  });
}
