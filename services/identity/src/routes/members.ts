import {
  AppError,
  actorOf,
  cutPage,
  listMembers,
  type Member,
  OrganisationCode,
  type Principal,
  removeMember,
  restoreMember,
  whoAmI,
} from "@suar/contract";
import {
  appendEvent,
  channels,
  handle,
  type Platform,
  type PoolClient,
  transaction,
  waitForClosing,
} from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { endAccess } from "../end-access.ts";
import {
  type MemberRow,
  removeMemberOrganisations,
  restoreMemberOrganisations,
  selectMember,
  selectMembers,
} from "../store/organisation.ts";
import { restorePeopleOfMember } from "../store/person.ts";

export function registerMembers(app: FastifyInstance, platform: Platform): void {
  registerChanges(app, platform);
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
}

function registerChanges(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, removeMember, async ({ principal, params: { code } }) => {
    const member = await changed(platform, code, {
      type: "member-removed.v1",
      by: principal,
      change: remove,
    });
    return { ...member, closing: await waitForClosing(platform) };
  });

  handle(app, platform.authenticator, restoreMember, async ({ principal, params: { code } }) => {
    return await changed(platform, code, { type: "member-restored.v1", by: principal, change: restore });
  });
}

type Change = {
  type: "member-removed.v1" | "member-restored.v1";
  by: Principal;
  change(db: PoolClient, code: string): Promise<boolean>;
};

async function changed(
  { core, signals }: Platform,
  code: string,
  { type, by, change }: Change,
): Promise<Member> {
  const member = await transaction(core, async (db) => {
    if (await change(db, code)) await appendEvent(db, { type, actor: actorOf(by), subject: code });
    return await memberOf(db, code);
  });
  signals.send(channels.credentials);
  return describe(member);
}

/** False when there was nothing left to remove. */
async function remove(db: PoolClient, code: string): Promise<boolean> {
  const removed = await removeMemberOrganisations(db, code);
  await endAccess(db, removed, { withMember: true });
  return removed.length > 0;
}

/** Gives back what went with the member; what the member had removed itself stays removed. */
async function restore(db: PoolClient, code: string): Promise<boolean> {
  const { status } = await memberOf(db, code);
  if (status === "active" || !(await restoreMemberOrganisations(db, code)))
    throw new AppError("conflict", `${code} is not removed`);
  await restorePeopleOfMember(db, code);
  return true;
}

async function memberOf(db: PoolClient, code: string): Promise<MemberRow> {
  const member = await selectMember(db, code);
  if (member === undefined) throw new AppError("not-found");
  return member;
}

function describe(row: MemberRow): Member {
  const { code, member, kind, name, sector, status, languages, confirmed } = row;
  return { code, member, kind, name, sector, status, languages, confirmed };
}
