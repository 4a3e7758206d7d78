import {
  AppError,
  actorOf,
  cutPage,
  listMembers,
  type Member,
  OrganisationCode,
  removeMember,
  restoreMember,
  whoAmI,
} from "@suar/contract";
import { appendEvent, channels, handle, type Platform, transaction } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { type MemberRow, selectMember, selectMembers, setMemberStatus } from "../store/organisation.ts";

export function registerMembers(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, whoAmI, async ({ principal }) => ({
    realm: principal.realm,
    organisation: principal.organisation?.code ?? null,
    member: principal.organisation?.member ?? null,
    roles: [...principal.roles],
    keyId: principal.keyId,
    personId: principal.personId,
    expiresAt: principal.expiresAt.toISOString(),
  }));

  handle(app, platform.authenticator, listMembers, async ({ query }) => {
    if (query.after !== undefined && !OrganisationCode.safeParse(query.after).success)
      throw new AppError("bad-cursor");
    const found = await selectMembers(platform.core, query.after ?? "", query.limit + 1);
    const { rows, ...next } = cutPage(found, query.limit, ({ code }) => code);
    return { items: rows.map(describe), ...next };
  });

  for (const [route, status, verb] of [
    [removeMember, "removed", "removed"],
    [restoreMember, "active", "restored"],
  ] as const) {
    handle(app, platform.authenticator, route, async ({ principal, params }) => {
      await transaction(platform.core, async (db) => {
        if (!(await setMemberStatus(db, params.code, status))) throw new AppError("not-found");
        await appendEvent(db, { type: `member-${verb}.v1`, actor: actorOf(principal), subject: params.code });
      });
      platform.signals.send(channels.credentials);
      const member = await selectMember(platform.core, params.code);
      if (member === undefined) throw new AppError("not-found");
      return describe(member);
    });
  }
}

function describe(row: MemberRow): Member {
  const { code, member, kind, name, sector, status, languages, confirmed } = row;
  return { code, member, kind, name, sector, status, languages, confirmed };
}
