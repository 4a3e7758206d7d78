import type { Secrets } from "../keys/secrets.ts";

/** The login roles of PostgreSQL: one for what all realms share, four for each realm (DESIGN 1.7). */
export type DatabaseRole =
  | "suar_core"
  | `app_write_${string}`
  | `app_read_${string}`
  | `log_tail_${string}`
  | `app_inbox_${string}`;

export const CORE_ROLE = "suar_core";

export function realmRoles(realm: string): Record<"write" | "read" | "tail" | "inbox", DatabaseRole> {
  return {
    write: `app_write_${realm}`,
    read: `app_read_${realm}`,
    tail: `log_tail_${realm}`,
    inbox: `app_inbox_${realm}`,
  };
}

/** The connection string of a role: host and database of the platform's, name and derived password of the role. */
export function roleUrl(databaseUrl: string, role: DatabaseRole, secrets: Secrets): string {
  const url = new URL(databaseUrl);
  url.username = role;
  url.password = secrets.password(`role:${role}`);
  return url.href;
}
