import { randomUUID } from "node:crypto";
import {
  AppError,
  actorOf,
  changeWebhook,
  createWebhook,
  cutNewest,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  parseListPlace,
} from "@suar/contract";
import { resolveAfter, selectHead } from "@suar/log";
import { type AddressGuard, handle, type Platform } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import {
  describeWebhook,
  noteWebhook,
  openCaller,
  openWebhook,
  shownWebhook,
  shownWebhooks,
} from "../own-webhook.ts";
import { newSecret, storeSecret } from "../signature.ts";
import * as store from "../store/webhook.ts";

const MOST_ENDPOINTS = 50;

export function registerWebhooks(app: FastifyInstance, platform: Platform, guard: AddressGuard): void {
  registerCreation(app, platform, guard);

  handle(app, platform.authenticator, listWebhooks, async ({ principal, query }) => {
    const { caller, realm } = await openCaller(platform, principal);
    const after = parseListPlace(query.after);
    const found = await store.selectWebhooks(realm.write, caller.organisation.id, after, query.limit + 1);
    const { rows, ...next } = cutNewest(found, query.limit);
    return { items: await shownWebhooks(realm, rows), ...next };
  });

  handle(app, platform.authenticator, getWebhook, async ({ principal, params }) => {
    const { realm, row } = await openWebhook(platform, principal, params.id);
    return await shownWebhook(realm, row);
  });

  handle(app, platform.authenticator, changeWebhook, async ({ principal, params, body }) => {
    const open = await openWebhook(platform, principal, params.id);
    if (body.url !== undefined) guard.checkUrl(body.url);
    const changed = await store.updateWebhook(open.realm.write, open.row.id, body);
    await noteWebhook(open, "changed", changed.id);
    return await shownWebhook(open.realm, changed);
  });

  handle(app, platform.authenticator, deleteWebhook, async ({ principal, params }) => {
    const open = await openWebhook(platform, principal, params.id);
    await store.deleteWebhook(open.realm.write, open.row.id);
    await noteWebhook(open, "deleted", open.row.id);
    return undefined;
  });
}

function registerCreation(app: FastifyInstance, platform: Platform, guard: AddressGuard): void {
  handle(app, platform.authenticator, createWebhook, async ({ principal, body }) => {
    const open = await openCaller(platform, principal);
    const { caller, realm } = open;
    guard.checkUrl(body.url);
    if ((await store.countWebhooks(realm.write, caller.organisation.id)) >= MOST_ENDPOINTS)
      throw new AppError("quota-exceeded", `At most ${MOST_ENDPOINTS} webhooks`);
    const head = await selectHead(realm.write);
    const secret = newSecret();
    const row = await store.insertWebhook(realm.write, {
      id: randomUUID(),
      organisation_id: caller.organisation.id,
      url: body.url,
      description: body.description,
      filter: body.filter,
      secrets: [storeSecret(platform.secrets, secret)],
      cursor: resolveAfter(body.after, head),
      created_by: actorOf(caller),
    });
    await noteWebhook(open, "created", row.id);
    return { ...describeWebhook(row, head, { pending: 0, lastProblem: null }), secret };
  });
}
