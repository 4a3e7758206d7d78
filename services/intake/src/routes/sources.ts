import { randomUUID } from "node:crypto";
import {
  AppError,
  actorOf,
  createSource,
  cutNewest,
  deleteSource,
  getSource,
  listSources,
  parseListPlace,
  pauseSource,
  pullNow,
  pullSource,
  resumeSource,
} from "@suar/contract";
import { type AddressGuard, handle, type Platform, type Realm } from "@suar/runtime";
import { parseOptions } from "@suar/submit";
import type { FastifyInstance } from "fastify";
import { describeSource, noteSource, openCaller, openSource, sealCredential } from "../pull/own-source.ts";
import * as store from "../store/source.ts";

const MOST_SOURCES = 50;

export function registerSources(app: FastifyInstance, platform: Platform, guard: AddressGuard): void {
  registerCreation(app, platform, guard);

  handle(app, platform.authenticator, listSources, async ({ principal, query }) => {
    const { caller, realm } = await openCaller(platform, principal);
    const after = parseListPlace(query.after);
    const found = await store.selectSources(realm.write, caller.organisation.id, after, query.limit + 1);
    const { rows, ...next } = cutNewest(found, query.limit);
    return { items: rows.map(describeSource), ...next };
  });

  handle(app, platform.authenticator, getSource, async ({ principal, params }) => {
    return describeSource((await openSource(platform, principal, params.id)).row);
  });

  handle(app, platform.authenticator, deleteSource, async ({ principal, params }) => {
    const open = await openSource(platform, principal, params.id);
    await store.deleteSource(open.realm.write, open.row.id);
    await noteSource(open, "deleted", open.row.id);
    return undefined;
  });

  handle(app, platform.authenticator, pauseSource, async ({ principal, params }) => {
    const open = await openSource(platform, principal, params.id);
    if (open.row.state === "disabled") throw new AppError("conflict", "It is disabled: it pulls nothing");
    const row = await store.pauseSource(open.realm.write, open.row.id, "paused by its owner");
    await noteSource(open, "paused", row.id);
    return describeSource(row);
  });

  handle(app, platform.authenticator, resumeSource, async ({ principal, params }) => {
    const open = await openSource(platform, principal, params.id);
    const row = await store.resumeSource(open.realm.write, open.row.id);
    await noteSource(open, "resumed", row.id);
    await wake(platform, open.realm, row.id);
    return describeSource(row);
  });

  handle(app, platform.authenticator, pullNow, async ({ principal, params }) => {
    const open = await openSource(platform, principal, params.id);
    if (open.row.state !== "active") throw new AppError("conflict", `It is ${open.row.state}: resume it`);
    const row = await store.makeSourceDue(open.realm.write, open.row.id);
    await wake(platform, open.realm, row.id);
    return describeSource(row);
  });
}

function registerCreation(app: FastifyInstance, platform: Platform, guard: AddressGuard): void {
  handle(app, platform.authenticator, createSource, async ({ principal, body }) => {
    const open = await openCaller(platform, principal);
    const { caller, realm } = open;
    if (realm.kind !== "live")
      throw new AppError("conflict", "A drill is sealed off: sources pull into the live realm only");
    const url = guard.checkUrl(body.url);
    const { people } = await parseOptions({ ...body, expires: undefined }, platform.directory);
    if (people !== undefined)
      throw new AppError(
        "people-need-red",
        "What another server says is for organisations, and not for people",
      );
    if ((await store.countSources(realm.write, caller.organisation.id)) >= MOST_SOURCES)
      throw new AppError("quota-exceeded", `At most ${MOST_SOURCES} sources`);
    const row = await store.insertSource(realm.write, {
      id: randomUUID(),
      organisation_id: caller.organisation.id,
      name: body.name ?? url.host,
      url: body.url,
      collection: body.collection ?? null,
      ...sealCredential(platform.secrets, body.credential),
      tlp: body.tlp ?? null,
      recipients: body.to ?? null,
      purpose: body.purpose ?? null,
      no_forward: body.noForward,
      releasable_to: body.releasableTo ?? null,
      every_seconds: body.everySeconds,
      place: body.after === undefined ? {} : { addedAfter: body.after },
      created_by: actorOf(caller),
    });
    await noteSource(open, "created", row.id);
    await wake(platform, realm, row.id);
    return describeSource(row);
  });
}

async function wake(platform: Platform, realm: Realm, sourceId: string): Promise<void> {
  await platform.queue.wake(realm.name, pullSource, { sourceId }, sourceId);
}
