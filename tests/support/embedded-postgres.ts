import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createSecrets } from "@suar/runtime";
import pg from "pg";

/** The embedded PostgreSQL of a platform under test, from outside: its process, and its roles' connections. */
export function postmaster(dataDir: string): { pid: number; port: number } | undefined {
  const file = join(dataDir, "postgres", "postmaster.pid");
  if (!existsSync(file)) return undefined;
  const [pid, , , port] = readFileSync(file, "utf8").split("\n").map(Number);
  return pid === undefined || port === undefined || Number.isNaN(port) ? undefined : { pid, port };
}

/** kill -9 of the server's main process. Returns its process id. */
export function killPostmaster(dataDir: string): number | undefined {
  const pid = postmaster(dataDir)?.pid;
  if (pid === undefined) return undefined;
  try {
    process.kill(pid, "SIGKILL");
    return pid;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return undefined;
    throw error;
  }
}

/** A connection as one of the platform's own roles, whose passwords derive from the data directory's secret. */
export async function connectAs(dataDir: string, role: string): Promise<pg.Client> {
  const port = postmaster(dataDir)?.port;
  if (port === undefined) throw new Error("the embedded PostgreSQL does not run");
  const secrets = createSecrets(readFileSync(join(dataDir, "secret"), "utf8").trim());
  const client = new pg.Client({
    host: "127.0.0.1",
    port,
    database: "suar",
    user: role,
    password: role === "postgres" ? secrets.password("embedded-postgres") : secrets.password(`role:${role}`),
  });
  await client.connect();
  return client;
}

/** The connection string of the embedded database's owner. */
export function ownerUrl(dataDir: string): string {
  const secrets = createSecrets(readFileSync(join(dataDir, "secret"), "utf8").trim());
  const password = encodeURIComponent(secrets.password("embedded-postgres"));
  return `postgres://postgres:${password}@127.0.0.1:${postmaster(dataDir)?.port}/suar`;
}
