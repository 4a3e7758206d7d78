import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { GroupCode, OrganisationCode, type Role } from "@suar/contract";
import { issueKey, type Platform, type PoolClient, sealGroup, transaction } from "@suar/runtime";
import { z } from "zod";
import { FIRST_KEYS_MS, issueOperatorKey } from "./operator-key.ts";
import {
  insertAgency,
  insertGroup,
  insertMember,
  insertSector,
  sealSameGroup,
  selectMembers,
  selectOrganisation,
} from "./store/organisation.ts";
import { insertPerson } from "./store/person.ts";

/** `seeds/sectors.json`: sectors that have feeds of their own. */
const SectorSeed = z.strictObject({ code: z.string(), name: z.string() });

/** `seeds/groups.json`: names for several members. */
const GroupSeed = z.strictObject({ code: GroupCode, name: z.string(), members: z.array(OrganisationCode) });

/** `seeds/members.json`: the twelve members, and examples of agencies. */
const MemberSeed = z.strictObject({
  code: OrganisationCode,
  name: z.string(),
  languages: z.array(z.string()).min(1),
  confirmed: z.boolean(),
  agencies: z.array(z.strictObject({ code: z.string(), name: z.string(), sector: z.string() })).default([]),
});

/** The first start's keys, as `bootstrap.json` holds them. */
export type Bootstrap = { keys: Record<string, Record<BootstrapRole, string>>; operator: string };
type BootstrapRole = (typeof BOOTSTRAP_ROLES)[number];

const BOOTSTRAP_ROLES = [
  "analyst",
  "subscriber",
  "officer",
  "coordinator",
] as const satisfies readonly Role[];
const LOCK = "suar-seed";

/**
 * Seeds an empty platform: members, agencies, one duty post for each role of each member, and their keys.
 * Undefined where members are already there. In one transaction: a crash leaves an empty platform, not half.
 */
export async function seedPlatform(platform: Platform, withKeys: boolean): Promise<Bootstrap | undefined> {
  const members = seedsOf("members", MemberSeed);
  const groups = seedsOf("groups", GroupSeed);
  const sectors = seedsOf("sectors", SectorSeed);
  return await transaction(platform.core, async (db) => {
    await db.query("SELECT pg_advisory_xact_lock(hashtext($1))", [LOCK]);
    for (const sector of sectors) await insertSector(db, sector); // also where members were seeded before there were any
    for (const group of groups) await sealSameGroup(db, group, sealGroup(platform.secrets, group));
    if ((await selectMembers(db, "", 1)).length > 0) return undefined;
    for (const { agencies, ...member } of members) {
      await insertMember(db, member);
      for (const agency of agencies)
        await insertAgency(db, { ...agency, code: `${member.code}:${agency.code}`, member: member.code });
    }
    for (const group of groups) await insertGroup(db, group, sealGroup(platform.secrets, group));
    return withKeys ? await issueFirstKeys(db, platform, members) : { keys: {}, operator: "" };
  });
}

function seedsOf<Seed extends z.ZodType>(name: string, seed: Seed): z.output<Seed>[] {
  const file = fileURLToPath(new URL(`../../../seeds/${name}.json`, import.meta.url));
  return z.array(seed).parse(JSON.parse(readFileSync(file, "utf8")));
}

async function issueFirstKeys(
  db: PoolClient,
  platform: Platform,
  members: readonly z.infer<typeof MemberSeed>[],
): Promise<Bootstrap> {
  const expiresAt = new Date(Date.now() + FIRST_KEYS_MS);
  const keys: Bootstrap["keys"] = {};
  for (const { code, name } of members) {
    const organisation = await selectOrganisation(db, code);
    if (organisation === undefined) throw new Error(`${code} was not seeded`);
    const issued = new Map<BootstrapRole, string>();
    for (const role of BOOTSTRAP_ROLES) {
      const personId = randomUUID();
      await insertPerson(db, {
        id: personId,
        organisationId: organisation.id,
        title: `${name}: ${role} on duty`,
        email: null,
        roles: [role],
      });
      const { key } = await issueKey(db, platform.secrets, {
        realm: "live",
        organisationId: organisation.id,
        personId,
        roles: [role],
        label: `first ${role} key`,
        expiresAt,
      });
      issued.set(role, key);
    }
    keys[code] = Object.fromEntries(issued) as Record<BootstrapRole, string>;
  }
  const operator = await issueOperatorKey(db, platform.secrets, {
    label: "first operator key",
    actor: "first-start",
  });
  return { keys, operator: operator.key };
}
