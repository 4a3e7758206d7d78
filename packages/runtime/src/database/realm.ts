import type { Secrets } from "../keys/secrets.ts";
import type { Logger } from "../process/logger.ts";
import { createPool, type Pool, type PoolClient } from "./pool.ts";
import { realmRoles, roleUrl } from "./roles.ts";
import { type InboxReader, readAs, readInboxAs } from "./transaction.ts";

/**
 * A sealed copy of the platform: `live` or one drill run. Everything that touches content takes its realm
 * from the caller's credential and reaches its schema through these pools only (DESIGN 1.7).
 */
export type Realm = {
  name: string;
  kind: "live" | "drill";
  /** For the one-way road: submissions, releases, the pen, what channels remember. */
  write: Pool;
  /** For request paths: row-level security, one organisation at a time. */
  readAs<T>(organisationId: number, work: (db: PoolClient) => Promise<T>): Promise<T>;
  /** For one person's own inbox, by row-level security; what it reads of bodies it records. */
  readInboxAs<T>(reader: InboxReader, work: (db: PoolClient) => Promise<T>): Promise<T>;
  /** For the shared tail of the log; used by packages/log alone. */
  tail: Pool;
  /** This realm's own secrets. */
  purpose(name: string): string;
  close(): Promise<void>;
};

export type RealmAccess = { databaseUrl: string; secrets: Secrets; log: Logger };

// A drill has a handful of players; `live` serves everybody (DESIGN 1.7: at most two connections a drill pool).
const LIVE_CONNECTIONS = { write: 8, read: 8, tail: 3, inbox: 3 };
const DRILL_CONNECTIONS = { write: 2, read: 2, tail: 2, inbox: 1 };

/** Opens a realm's pools; no connection is made before the first use. */
export function openRealm(access: RealmAccess, name: string, kind: "live" | "drill"): Realm {
  const max = kind === "live" ? LIVE_CONNECTIONS : DRILL_CONNECTIONS;
  const roles = realmRoles(name);
  const pool = (role: keyof typeof roles, statementMs: number) =>
    createPool({
      url: roleUrl(access.databaseUrl, roles[role], access.secrets),
      max: max[role],
      searchPath: name,
      name: `suar-${name}-${role}`,
      statementMs,
      log: access.log,
    });
  const write = pool("write", 60_000);
  const read = pool("read", 10_000);
  const tail = pool("tail", 10_000);
  const inbox = pool("inbox", 10_000);
  return {
    name,
    kind,
    write,
    tail,
    readAs: (organisationId, work) => readAs(read, organisationId, work),
    readInboxAs: (reader, work) => readInboxAs(inbox, reader, work),
    purpose: (text) => `${name}:${text}`,
    close: async () => {
      await Promise.all([write.end(), read.end(), tail.end(), inbox.end()]);
    },
  };
}
