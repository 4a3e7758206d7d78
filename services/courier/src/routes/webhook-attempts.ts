import { randomUUID } from "node:crypto";
import {
  type Attempt,
  cutPage,
  deliverWebhook,
  listAttempts,
  parseListKey,
  testWebhook,
} from "@suar/contract";
import { handle, type Platform, type Realm, transaction } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { testMessage } from "../message.ts";
import { openWebhook } from "../own-webhook.ts";
import type { Poster } from "../poster.ts";
import { liveKeys, signedHeaders } from "../signature.ts";
import { type AttemptRow, insertAttempts, selectAttempts } from "../store/attempt.ts";
import { makeDue } from "../store/delivery.ts";
import { closeBreaker } from "../store/webhook.ts";

/** Every attempt, and a test event now. */
export function registerWebhookAttempts(app: FastifyInstance, platform: Platform, poster: Poster): void {
  handle(app, platform.authenticator, testWebhook, async ({ principal, params }) => {
    const { realm, row } = await openWebhook(platform, principal, params.id);
    const at = new Date();
    const message = testMessage(realm.name, at);
    const messageId = `msg_${randomUUID().replaceAll("-", "")}`;
    const keys = liveKeys(platform.secrets, row.secrets, at);
    const headers = signedHeaders({ id: messageId, at, body: message.body, keys });
    const { status, problem, durationMs } = await poster.post({ url: row.url, headers, body: message.body });
    const outcome = problem === null ? ("delivered" as const) : ("exhausted" as const);
    const written = {
      messageId,
      seq: null,
      type: message.type,
      number: 1,
      at,
      durationMs,
      status,
      outcome,
      problem,
      nextAt: null,
    };
    const [id] = await insertAttempts(realm.write, row.id, [written]);
    if (id === undefined) throw new Error("the attempt was not written");
    if (problem === null) await endRest(platform, realm, row.id);
    return describe({ id, ...written });
  });

  handle(app, platform.authenticator, listAttempts, async ({ principal, params, query }) => {
    const { realm, row } = await openWebhook(platform, principal, params.id);
    const before = query.after === undefined ? Number.MAX_SAFE_INTEGER : parseListKey(query.after);
    const found = await selectAttempts(realm.write, row.id, before, query.limit + 1);
    const { rows, ...place } = cutPage(found, query.limit, ({ id }) => String(id));
    return { items: rows.map(describe), ...place };
  });
}

/** The receiver is back: what waited for the end of the rest is sent now. */
async function endRest(platform: Platform, realm: Realm, endpointId: string): Promise<void> {
  const ended = await transaction(realm.write, async (db) => {
    if (!(await closeBreaker(db, endpointId))) return false;
    await makeDue(db, endpointId);
    return true;
  });
  if (ended) await platform.queue.wake(realm.name, deliverWebhook, { endpointId }, endpointId);
}

function describe({ id, messageId, at, nextAt, ...row }: AttemptRow): Attempt {
  return {
    id: String(id),
    webhookId: messageId,
    ...row,
    at: at.toISOString(),
    nextAt: nextAt?.toISOString() ?? null,
  };
}
