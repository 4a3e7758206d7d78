import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { runMigrations } from "bullmq";
import { runner } from "node-pg-migrate";
import pg from "pg";
import type { Secrets } from "../keys/secrets.ts";
import type { Logger } from "../process/logger.ts";
import { CORE_ROLE, type DatabaseRole, realmRoles } from "./roles.ts";
import { keepSecretCheck, refuseOtherSecret } from "./secret-check.ts";

const MIGRATIONS = fileURLToPath(new URL("../../../../migrations/", import.meta.url));

/** Where BullMQ keeps its tables on PostgreSQL; its name for a pool that it is handed, so not ours to choose. */
export const QUEUE_SCHEMA = "bullmq";

/** What the migrating connection needs: the right to create roles and schemas. */
export type AdminAccess = { adminUrl: string; secrets: Secrets; log: Logger };

/** Brings core, the queue's schema and the live realm up to date. Safe to run again and at the same time. */
export async function migratePlatform(access: AdminAccess): Promise<void> {
  await withAdmin(access, async (client) => {
    await ensureRole(client, CORE_ROLE, access.secrets);
    await runMigrationFiles(client, "core", "core", access.log);
    await keepSecretCheck(client, access.secrets);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${QUEUE_SCHEMA} AUTHORIZATION ${CORE_ROLE};
      INSERT INTO core.realm (name, kind) VALUES ('live', 'live') ON CONFLICT DO NOTHING`);
    await migrateQueue(client);
    const realms = await client.query<{ name: string }>("SELECT name FROM core.realm WHERE state = 'active'");
    for (const { name } of realms.rows) await migrateRealm(client, name, access);
  });
}

// BullMQ makes objects of its own for each queue, so its schema belongs to the role that it runs as. Its
// migration asks for the right to make the schema even where that exists: it is lent for so long.
async function migrateQueue(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>("SELECT current_database() AS name");
  const database = pg.escapeIdentifier(rows[0]?.name ?? "");
  await client.query(`GRANT CREATE ON DATABASE ${database} TO ${CORE_ROLE}; SET ROLE ${CORE_ROLE}`);
  try {
    await runMigrations(client, QUEUE_SCHEMA);
  } finally {
    await client.query(`RESET ROLE; REVOKE CREATE ON DATABASE ${database} FROM ${CORE_ROLE}`);
  }
}

/** Makes a realm's roles and schema, or brings them up to date. */
export async function createRealm(access: AdminAccess, realm: string): Promise<void> {
  await withAdmin(access, (client) => migrateRealm(client, realm, access));
}

/**
 * Drops a drill's schema and roles with all that it held; `live` is refused. Whoever is still at work there gets a moment
 * to end it, and is cut off then: a drop that met their locks halfway would be a deadlock.
 */
export async function dropRealm(access: AdminAccess, realm: string): Promise<void> {
  if (realm === "live") throw new Error("the live realm is never dropped");
  await withAdmin(access, async (client) => {
    const roles = await existing(client, Object.values(realmRoles(realm)));
    await clearOut(client, roles);
    await client.query(`DROP SCHEMA IF EXISTS ${pg.escapeIdentifier(realm)} CASCADE`);
    for (const role of roles) {
      await client.query(`DROP OWNED BY ${pg.escapeIdentifier(role)}`);
      await client.query(`DROP ROLE ${pg.escapeIdentifier(role)}`);
    }
  });
}

/** A drop that was begun before may have left some of them. */
async function existing(client: pg.Client, roles: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT rolname AS name FROM pg_roles WHERE rolname = ANY($1)",
    [roles],
  );
  return rows.map(({ name }) => name);
}

const END_WITHIN_MS = 3_000;
const CUT_OFF_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 50;

async function clearOut(client: pg.Client, roles: readonly string[]): Promise<void> {
  await areGone(client, roles, END_WITHIN_MS);
  // Nobody new comes in.
  for (const role of roles) await client.query(`ALTER ROLE ${pg.escapeIdentifier(role)} NOLOGIN`);
  await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ANY($1)", [
    roles,
  ]);
  if (!(await areGone(client, roles, CUT_OFF_WITHIN_MS)))
    throw new Error("connections to a realm that is to be dropped do not end");
}

async function areGone(client: pg.Client, roles: readonly string[], withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; ; await sleep(LOOK_EVERY_MS)) {
    const { rowCount } = await client.query("SELECT FROM pg_stat_activity WHERE usename = ANY($1) LIMIT 1", [
      roles,
    ]);
    if (rowCount === 0) return true;
    if (Date.now() > end) return false;
  }
}

async function migrateRealm(client: pg.Client, realm: string, access: AdminAccess): Promise<void> {
  for (const role of Object.values(realmRoles(realm))) await ensureRole(client, role, access.secrets);
  await runMigrationFiles(client, "realm", realm, access.log);
  // Realms know organisations and what they agreed on through these views only (DESIGN 1.7).
  const { write } = realmRoles(realm);
  await client.query(`GRANT USAGE ON SCHEMA core TO ${pg.escapeIdentifier(write)};
    GRANT SELECT ON core.directory, core.directory_revision, core.organisation_code, core.signed_policy, core.policy_evidence, core.policy_revision, core.agreement_in_force TO ${pg.escapeIdentifier(write)}`);
  await pinSearchPaths(client, realm);
}

/**
 * What runs with its owner's rights finds the realm's tables and no others: temporary tables, which any role may make,
 * are looked for before all else unless they are named last. A reader could put its own audiences there.
 */
async function pinSearchPaths(client: pg.Client, realm: string): Promise<void> {
  const { rows } = await client.query<{ signature: string }>(
    "SELECT oid::regprocedure::text AS signature FROM pg_proc WHERE prosecdef AND pronamespace = $1::regnamespace",
    [pg.escapeIdentifier(realm)],
  );
  for (const { signature } of rows)
    await client.query(
      `ALTER FUNCTION ${signature} SET search_path = ${pg.escapeIdentifier(realm)}, pg_temp`,
    );
}

async function runMigrationFiles(
  client: pg.Client,
  folder: string,
  schema: string,
  log: Logger,
): Promise<void> {
  await runner({
    dbClient: client,
    dir: `${MIGRATIONS}${folder}`,
    direction: "up",
    count: Number.POSITIVE_INFINITY,
    migrationsTable: "schema_migration",
    schema,
    createSchema: true,
    singleTransaction: true,
    log: (message) => log.debug(message),
    verbose: false,
    noLock: true,
  });
}

async function ensureRole(client: pg.Client, role: DatabaseRole, secrets: Secrets): Promise<void> {
  const name = pg.escapeIdentifier(role);
  const password = pg.escapeLiteral(secrets.password(`role:${role}`));
  const { rowCount } = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [role]);
  const verb = rowCount === 0 ? "CREATE" : "ALTER";
  await client.query(`${verb} ROLE ${name} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD ${password}`);
}

/** One migrator at a time, whichever process it is in: the advisory lock goes with the session. */
async function withAdmin(access: AdminAccess, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: access.adminUrl, application_name: "suar-migrate" });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock(hashtext('suar-migrate'))");
    await refuseOtherSecret(client, access.secrets); // before roles' passwords are set anew under it
    await work(client);
  } finally {
    await client.end();
  }
}
