import type { FastifyInstance } from "fastify";
import { buildHttp } from "../http/build-http.ts";
import { createRepeats } from "../http/repeats.ts";
import type { Platform } from "./platform.ts";

/** Ends what was started; resolves when nothing of it is under way any more. */
export type Stop = () => Promise<void>;

/** A service as its `app.ts` states it: routes, and what runs besides. */
export type Service = {
  name: string;
  /** Registers routes and returns what has to end before connections close (open streams). */
  routes?(app: FastifyInstance, platform: Platform): Promise<Stop | undefined>;
  /** Starts the service's workers in one realm. */
  serveRealm?(platform: Platform, realm: Awaited<ReturnType<Platform["realms"]["named"]>>): Promise<Stop>;
};

export type Running = { url: string; app: FastifyInstance; stop: Stop };

/**
 * Runs one or more services in this process. Stopping is in the order of the road: let streams say goodbye,
 * take in nothing new, finish what requests and workers hold, close connections. Also what had begun before a
 * start failed is stopped, so that nothing works on with connections that are closed. A Redis that is away fails a
 * start as a database does, for the supervisor to try again; one that goes away later is done without.
 */
export async function runServices(services: readonly Service[], platform: Platform): Promise<Running> {
  const { config, log } = platform;
  await platform.queue.reach();
  const app = await buildHttp({
    log,
    instance: platform.instance,
    requestsPerMinute: 60_000,
    strangersPerMinute: 6_000,
    metricsAllow: config.SUAR_METRICS_ALLOW,
    trustProxy: config.SUAR_TRUST_PROXY,
    https: config.PUBLIC_URL?.toLowerCase().startsWith("https:") ?? false,
    repeats: createRepeats(platform.realms, platform.secrets),
    ready: platform.ready,
    queueAway: platform.queue.away,
    troubles: platform.troubles,
  });
  const streams: Stop[] = [];
  const workers: Stop[] = [];
  const stopServing = async (): Promise<void> => {
    await Promise.all(streams.map((stop) => stop()));
    await Promise.all([app.close(), stopInOrder(workers)]);
  };
  try {
    for (const service of services) {
      const stop = await service.routes?.(app, platform);
      if (stop !== undefined) streams.push(stop);
    }
    for (const { serveRealm } of services) {
      if (serveRealm !== undefined)
        workers.push(await platform.realms.follow((realm) => serveRealm(platform, realm)));
    }
    const url = await app.listen({ port: config.PORT, host: config.HOST });
    const stop = async (): Promise<void> => {
      await stopServing();
      await platform.close();
    };
    return { url: config.PUBLIC_URL ?? url, app, stop };
  } catch (error) {
    await stopServing();
    throw error;
  }
}

/** One after the other, along the road: who waits for somebody further on (intake for the pen) ends before them. */
async function stopInOrder(stops: readonly Stop[]): Promise<void> {
  for (const stop of stops) await stop();
}
