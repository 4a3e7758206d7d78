import {
  AppError,
  actorOf,
  confirmKey,
  createKey,
  cutNewest,
  type IssuedKey,
  type Key,
  listKeys,
  type Principal,
  parseListPlace,
  type Role,
  revokeKey,
  wordOf,
} from "@suar/contract";
import {
  appendEvent,
  channels,
  endKey,
  handle,
  issueKey,
  type Platform,
  type PoolClient,
  requireOrganisation,
  transaction,
} from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { reaches, reachOf, requireLive } from "../manageable.ts";
import * as store from "../store/machine-key.ts";
import { holdOrganisation, type OrganisationRow } from "../store/organisation.ts";

const DAY_MS = 24 * 3600 * 1000;
const MOST_KEYS = 200;
const KEY_ID = /^[0-9a-z]{12}$/;

export function registerKeys(app: FastifyInstance, platform: Platform): void {
  registerChanges(app, platform);
  handle(app, platform.authenticator, listKeys, async ({ principal, query }) => {
    const reach = reachOf(principal);
    const scope = {
      realm: reach.kind === "all" ? null : principal.realm,
      organisationId: reach.kind === "organisation" ? reach.id : null,
      member: reach.kind === "member" ? reach.member : null,
    };
    const after = parseListPlace(query.after, KEY_ID);
    const { rows, ...next } = cutNewest(
      await store.selectKeys(platform.core, scope, after, query.limit + 1),
      query.limit,
    );
    return { items: rows.map(describeKey), ...next };
  });

  handle(app, platform.authenticator, createKey, async ({ principal, body }) => {
    requireLive(principal);
    const byOperator = principal.organisation === null;
    const isOnItsOwn = byOperator || body.secondPerson;
    const expiresAt = new Date(Date.now() + body.days * DAY_MS);
    const issued = await transaction(platform.core, async (db) => {
      const organisation = await holdWithin(db, principal, body.organisation);
      const waits = byOperator ? await checkOperatorsKey(db, organisation, body.roles) : body.secondPerson;
      await checkQuota(db, organisation);
      const made = await issueKey(db, platform.secrets, {
        realm: "live",
        organisationId: organisation.id,
        roles: body.roles,
        label: body.label,
        expiresAt,
        issuedBy: isOnItsOwn ? null : wordOf(principal),
        waits,
      });
      await appendEvent(db, {
        type: "key-issued.v1",
        actor: actorOf(principal),
        subject: made.id,
        fields: { organisation: organisation.code, roles: body.roles, waits },
      });
      return made;
    });
    return await shownOnce(platform, issued);
  });
}

function registerChanges(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, confirmKey, async ({ principal, params }) => {
    const { organisation } = requireOrganisation(principal);
    if (organisation.kind !== "cert" || principal.realm !== "live")
      throw new AppError("forbidden", "Officers of member CERTs confirm keys, outside of drills");
    await transaction(platform.core, async (db) => {
      if (!(await store.confirmKey(db, params.id, organisation.member)))
        throw new AppError("not-found", "No key of another member waits under this id");
      await appendEvent(db, { type: "key-confirmed.v1", actor: actorOf(principal), subject: params.id });
    });
    const row = await store.selectKey(platform.core, params.id);
    if (row === undefined) throw new AppError("not-found");
    return describeKey(row);
  });

  handle(app, platform.authenticator, revokeKey, async ({ principal, params }) => {
    const row = await store.selectKey(platform.core, params.id);
    if (row === undefined || !mayRevoke(principal, row)) throw new AppError("not-found");
    await transaction(platform.core, async (db) => {
      await endKey(db, row.id);
      await appendEvent(db, { type: "key-revoked.v1", actor: actorOf(principal), subject: row.id });
    });
    platform.signals.send(channels.credentials);
    return describeKey((await store.selectKey(platform.core, row.id)) ?? row);
  });
}

/** The organisation that the key is for, when the caller may issue keys for it. */
async function holdWithin(
  db: PoolClient,
  principal: Principal,
  named: string | undefined,
): Promise<OrganisationRow> {
  const code = named ?? principal.organisation?.code;
  const organisation = code === undefined ? undefined : await holdOrganisation(db, code);
  if (organisation === undefined || !reaches(reachOf(principal), organisation))
    throw new AppError("unknown-member", `There is no ${code ?? "organisation"} that you may issue keys for`);
  return organisation;
}

async function checkQuota(db: PoolClient, { id }: OrganisationRow): Promise<void> {
  if ((await store.countKeys(db, id)) >= MOST_KEYS)
    throw new AppError("quota-exceeded", `At most ${MOST_KEYS} live keys an organisation`);
}

/**
 * The operator reads no content, and so hands out no key that does. It helps a member begin, or begin again: a
 * member that has no officer gets one, who issues everything else. True where that key has to wait for another
 * member's word: always but for the platform's very first officer. "Ever" and "any member" are what counts: who
 * can take officers away, or make one of a member that nobody has joined for yet, must not become one alone.
 */
async function checkOperatorsKey(
  db: PoolClient,
  { id, kind }: OrganisationRow,
  roles: readonly Role[],
): Promise<boolean> {
  const isOfficerOnly = roles.length === 1 && roles[0] === "officer";
  await store.lockOfficers(db);
  if (kind !== "cert" || !isOfficerOnly || (await store.hasOfficer(db, id)))
    throw new AppError(
      "forbidden",
      "The operator only issues the officer's key of a member that has no officer",
    );
  return await store.hadOfficers(db);
}

/** Everybody may give up the key in use; others' keys are a matter for officers and the operator. */
function mayRevoke(principal: Principal, row: store.KeyRow): boolean {
  if (row.id === principal.keyId) return true;
  if (principal.roles.includes("operator")) return true;
  if (!principal.roles.includes("officer") || row.realm !== principal.realm) return false;
  return reaches(reachOf(principal), { code: row.organisation, member: row.member });
}

/** A key with its secret: the one time that it is shown. */
export async function shownOnce(platform: Platform, issued: { id: string; key: string }): Promise<IssuedKey> {
  const row = await store.selectKey(platform.core, issued.id);
  if (row === undefined) throw new Error("the key was not written");
  return { ...describeKey(row), key: issued.key };
}

function describeKey(row: store.KeyRow): Key {
  return {
    id: row.id,
    realm: row.realm,
    organisation: row.organisation,
    roles: row.roles,
    label: row.label,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    waits: row.waits,
  };
}
