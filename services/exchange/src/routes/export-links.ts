import {
  AppError,
  actorOf,
  createExportLink,
  cutNewest,
  type ExportLink,
  type IssuedExportLink,
  listExportLinks,
  type Principal,
  parseListPlace,
  revokeExportLink,
  rotateExportLink,
} from "@suar/contract";
import {
  appendEvent,
  channels,
  endKey,
  handle,
  type OrganisationCaller,
  type Platform,
  type PoolClient,
  requireOrganisation,
  transaction,
} from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { makeExportLink, renewExportLink } from "../make-export-link.ts";
import { type ExportLinkRow, selectExportLink, selectExportLinks } from "../store/export-link.ts";

const KEY_ID = /^[0-9a-z]{12}$/;

export function registerExportLinks(app: FastifyInstance, platform: Platform): void {
  const { authenticator, core } = platform;
  handle(app, authenticator, createExportLink, async ({ principal, body }) => {
    const caller = liveCaller(principal);
    return await issue(platform, caller, async (db) => await makeExportLink(db, platform, caller, body));
  });

  handle(app, authenticator, listExportLinks, async ({ principal, query }) => {
    const { organisation } = liveCaller(principal);
    const after = parseListPlace(query.after, KEY_ID);
    const found = await selectExportLinks(core, organisation.id, after, query.limit + 1);
    const { rows, ...next } = cutNewest(found, query.limit);
    return { items: rows.map(describeLink), ...next };
  });

  handle(app, authenticator, rotateExportLink, async ({ principal, params }) => {
    const caller = liveCaller(principal);
    return await issue(
      platform,
      caller,
      async (db) => await renewExportLink(db, platform, caller, params.id),
    );
  });

  handle(app, authenticator, revokeExportLink, async ({ principal, params }) => {
    const caller = liveCaller(principal);
    const { id } = await ownLink(platform, caller, params.id);
    await transaction(core, async (db) => {
      await endKey(db, id);
      await appendEvent(db, { type: "export-link-revoked.v1", actor: actorOf(caller), subject: id });
    });
    platform.signals.send(channels.credentials);
    return describeLink(await ownLink(platform, caller, id));
  });
}

/** Links are made for what goes on: a drill's readers have none. */
function liveCaller(principal: Principal): OrganisationCaller {
  const caller = requireOrganisation(principal);
  if (caller.realm !== "live") throw new AppError("forbidden", "There are no links in a drill");
  return caller;
}

async function issue(
  platform: Platform,
  caller: OrganisationCaller,
  work: (db: PoolClient) => Promise<{ id: string; key: string }>,
): Promise<IssuedExportLink> {
  const issued = await transaction(platform.core, work);
  const { HOST, PORT, PUBLIC_URL } = platform.config;
  const base = (PUBLIC_URL ?? `http://${HOST}:${PORT}`).replace(/\/+$/, "");
  const link = describeLink(await ownLink(platform, caller, issued.id));
  return { ...link, url: `${base}/v1/linked-export/${issued.key}` };
}

async function ownLink(
  { core }: Platform,
  { organisation }: OrganisationCaller,
  id: string,
): Promise<ExportLinkRow> {
  const row = await selectExportLink(core, id, organisation.id);
  if (row === undefined) throw new AppError("not-found");
  return row;
}

function describeLink(row: ExportLinkRow): ExportLink {
  return {
    id: row.id,
    name: row.name,
    format: row.format,
    filter: row.filter,
    madeBy: row.made_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}
