import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type Cluster, DataDirectoryError } from "./embedded-cluster.ts";
import { ensureRunning, urlOf } from "./embedded-server.ts";

/** Holds the lock; when the server dies under us, starts it again on the same port's cluster. */
export async function guardServer(cluster: Cluster, port: number): Promise<{ release(): Promise<void> }> {
  let released = false;
  let holder: pg.Client | undefined;
  const hold = async (atPort: number): Promise<void> => {
    const client = new pg.Client({
      connectionString: urlOf(cluster, atPort, "postgres"),
      keepAlive: true,
      application_name: "suar-guard",
    });
    // Armed only once it holds: a connection that fails while we revive must not begin a second revival.
    let lost = true;
    const onLost = (): void => {
      if (lost || released) return;
      lost = true;
      cluster.log.error("the embedded PostgreSQL went away; starting it again");
      void revive();
    };
    client.on("error", onLost);
    client.on("end", onLost);
    await client.connect();
    const { rows } = await client.query<{ mine: boolean }>(
      "SELECT pg_try_advisory_lock(hashtext('suar-data-directory')) AS mine",
    );
    if (rows[0]?.mine !== true) {
      await client.end();
      throw new DataDirectoryError(
        `Another Suar is running on the data directory ${cluster.directory}. Stop it, or set SUAR_DATA_DIR (and PORT) to run a second one.`,
      );
    }
    holder = client;
    lost = false;
  };
  const revive = async (): Promise<void> => {
    for (let tries = 1; !released; tries++) {
      try {
        await ensureRunning(cluster, port); // pools know this port
        await hold(port);
        cluster.log.warn("the embedded PostgreSQL is back");
        return;
      } catch (error) {
        cluster.log.error({ err: error, tries }, "the embedded PostgreSQL could not be started");
        await sleep(Math.min(200 * tries, 2_000));
      }
    }
  };
  await hold(port);
  return {
    release: async () => {
      released = true;
      await holder
        ?.end()
        .catch((error: Error) => cluster.log.debug({ err: error }, "lock connection was gone"));
    },
  };
}
