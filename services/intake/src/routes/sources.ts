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
  type SourceKind,
} from "@suar/contract";
import { type AddressGuard, handle, type Platform, type Realm } from "@suar/runtime";
import { parseOptions } from "@suar/submit";
import type { FastifyInstance } from "fastify";
import type { z } from "zod";
import type { IntakeConfig } from "../config.ts";
import { isOwnAddress } from "../pull/own-platform.ts";
import { describeSource, noteSource, openCaller, openSource, sealCredential } from "../pull/own-source.ts";
import type { SourcePlace } from "../store/source.ts";
import * as store from "../store/source.ts";

const MOST_SOURCES = 50;

export function registerSources(
  app: FastifyInstance,
  platform: Platform,
  config: IntakeConfig,
  guard: AddressGuard,
): void {
  registerCreation(app, platform, config, guard);

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

type NewSource = z.output<NonNullable<(typeof createSource)["body"]>>;

function registerCreation(
  app: FastifyInstance,
  platform: Platform,
  config: IntakeConfig,
  guard: AddressGuard,
): void {
  handle(app, platform.authenticator, createSource, async ({ principal, body }) => {
    const open = await openCaller(platform, principal);
    const { caller, realm } = open;
    if (realm.kind !== "live")
      throw new AppError("conflict", "A drill is sealed off: sources pull into the live realm only");
    const url = body.url === undefined ? undefined : guard.checkUrl(body.url);
    requirePlace(platform, config, body.kind, url);
    const { people } = await parseOptions(
      { ...body, kind: undefined, expires: undefined },
      platform.directory,
    );
    if (people !== undefined)
      throw new AppError(
        "people-need-red",
        "What another server says is for organisations, and not for people",
      );
    if ((await store.countSources(realm.write, caller.organisation.id)) >= MOST_SOURCES)
      throw new AppError("quota-exceeded", `At most ${MOST_SOURCES} sources`);
    const row = await store.insertSource(realm.write, {
      ...rowOf(platform, body, url),
      organisation_id: caller.organisation.id,
      created_by: actorOf(caller),
    });
    if (row === undefined)
      throw new AppError("conflict", "That folder has a source: two would take from each other");
    await noteSource(open, "created", row.id);
    await wake(platform, realm, row.id);
    return describeSource(row);
  });
}

/** What can be told before anybody is asked; whatever leads here by another name is found out by its answer. */
function requirePlace(
  { config: own }: Platform,
  { SUAR_MAILBOX_DIR }: IntakeConfig,
  kind: SourceKind,
  url: URL | undefined,
): void {
  if (kind === "mailbox" && SUAR_MAILBOX_DIR === undefined)
    throw new AppError(
      "conflict",
      "This platform has no folders for mail: its operator sets SUAR_MAILBOX_DIR",
    );
  if (url !== undefined && isOwnAddress(url, own))
    throw new AppError("conflict", "That is this platform: what it says is here already");
}

function rowOf(
  { secrets }: Platform,
  body: NewSource,
  url: URL | undefined,
): Omit<store.NewSource, "organisation_id" | "created_by"> {
  return {
    id: randomUUID(),
    kind: body.kind,
    name: body.name ?? url?.host ?? body.folder ?? body.kind,
    url: body.url ?? null,
    folder: body.folder ?? null,
    format: body.format ?? null,
    collection: body.collection ?? null,
    ...sealCredential(secrets, body.credential),
    tlp: body.tlp ?? null,
    recipients: body.to ?? null,
    purpose: body.purpose ?? null,
    no_forward: body.noForward,
    releasable_to: body.releasableTo ?? null,
    every_seconds: body.everySeconds,
    place: startOf(body),
  };
}

function startOf({ kind, after }: NewSource): SourcePlace {
  if (after === undefined) return {};
  return kind === "misp" ? { after: Math.floor(Date.parse(after) / 1_000) } : { addedAfter: after };
}

async function wake(platform: Platform, realm: Realm, sourceId: string): Promise<void> {
  await platform.queue.wake(realm.name, pullSource, { sourceId }, sourceId);
}
