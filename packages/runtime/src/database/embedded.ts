import { type ClusterOptions, openCluster } from "./embedded-cluster.ts";
import { guardServer } from "./embedded-guard.ts";
import { ensureDatabase, ensureRunning, findRunning, stopServer, urlOf } from "./embedded-server.ts";

/**
 * A PostgreSQL of our own in a data directory. The server is a process of its own group, so that Ctrl-C in a
 * terminal reaches us and not it; when we are killed it stays, and the next start finds and adopts it. One
 * session-level advisory lock says whose it is: it goes when its holder dies.
 */
export type EmbeddedDatabase = {
  url: string;
  /** Once, however often it is called. */
  stop(): Promise<void>;
};

const DATABASE = "suar";

/** Starts (or adopts) the server, takes the lock, and restarts the server when it dies under us. */
export async function startEmbedded(
  options: ClusterOptions & { database?: string },
): Promise<EmbeddedDatabase> {
  const cluster = openCluster(options);
  const port = await ensureRunning(cluster);
  const database = options.database ?? DATABASE;
  await ensureDatabase(cluster, port, database);
  const guard = await guardServer(cluster, port);
  let stopped: Promise<void> | undefined;
  return {
    url: urlOf(cluster, port, database),
    stop: async () => {
      stopped ??= guard.release().then(async () => await stopServer(cluster));
      await stopped;
    },
  };
}

/** The database for a short visit: that of the server which runs, or, where none does, of one for as long. */
export async function visitEmbedded(options: ClusterOptions): Promise<EmbeddedDatabase> {
  const cluster = openCluster(options);
  const port = await findRunning(cluster);
  if (port === undefined) return await startEmbedded(options);
  return { url: urlOf(cluster, port, DATABASE), stop: async () => undefined };
}
