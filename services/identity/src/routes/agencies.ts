import {
  AppError,
  actorOf,
  createAgency,
  cutPage,
  listAgencies,
  type Organisation,
  OrganisationCode,
  removeAgency,
} from "@suar/contract";
import {
  appendEvent,
  channels,
  handle,
  type Platform,
  requireOrganisation,
  transaction,
  waitForClosing,
} from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { endAccess } from "../end-access.ts";
import * as store from "../store/organisation.ts";

export function registerAgencies(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, listAgencies, async ({ principal, query }) => {
    const member = principal.roles.includes("operator")
      ? null
      : requireOrganisation(principal).organisation.member;
    if (query.after !== undefined && !OrganisationCode.safeParse(query.after).success)
      throw new AppError("bad-cursor");
    // None takes part in a drill, whose players' keys its coordinator holds.
    if (principal.realm !== "live") return { items: [] };
    const found = await store.selectAgencies(platform.core, member, query.after ?? "", query.limit + 1);
    const { rows, ...next } = cutPage(found, query.limit, ({ code }) => code);
    return { items: rows.map(describe), ...next };
  });

  handle(app, platform.authenticator, createAgency, async ({ principal, body }) => {
    const { member } = officerOf(requireOrganisation(principal));
    const row = await transaction(platform.core, async (db) => {
      if ((await store.holdOrganisation(db, member)) === undefined)
        throw new AppError("conflict", `${member} was removed`);
      const made = await store.insertAgency(db, {
        code: `${member}:${body.code}`,
        member,
        name: body.name,
        sector: body.sector,
      });
      if (made === undefined)
        throw new AppError("conflict", `There is an agency ${member}:${body.code} already`);
      await appendEvent(db, { type: "agency-added.v1", actor: actorOf(principal), subject: made.code });
      return made;
    });
    platform.signals.send(channels.credentials);
    return describe(row);
  });

  handle(app, platform.authenticator, removeAgency, async ({ principal, params }) => {
    const { member } = officerOf(requireOrganisation(principal));
    const row = await transaction(platform.core, async (db) => {
      const removed = await store.removeAgency(db, params.code, member);
      if (removed === undefined) throw new AppError("not-found");
      await endAccess(db, [removed.id], { withMember: false });
      await appendEvent(db, { type: "agency-removed.v1", actor: actorOf(principal), subject: removed.code });
      return removed;
    });
    platform.signals.send(channels.credentials);
    return { ...describe(row), closing: await waitForClosing(platform) };
  });
}

/** Members and agencies are matters of the live realm, and of the CERT rather than of an agency's own officer. */
function officerOf({ realm, organisation }: ReturnType<typeof requireOrganisation>) {
  if (realm !== "live") throw new AppError("forbidden", "A drill's keys change nothing outside of the drill");
  if (organisation.kind !== "cert")
    throw new AppError("forbidden", "The member's own officer manages agencies");
  return organisation;
}

function describe(row: store.OrganisationRow): Organisation {
  const { code, member, kind, name, sector, status } = row;
  return { code, member, kind, name, sector, status };
}
