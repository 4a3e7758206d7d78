import { AppError } from "@suar/contract";
import type { FastifyInstance } from "fastify";

/** Requests under way at a stop have so long; then their connections are cut. */
const LAST_REQUESTS_MS = 1_000;
const LOOK_EVERY_MS = 50;

/**
 * Closing refuses what comes now, as a problem that says so, and lets requests under way be answered, and waits for their handlers also where the connection is gone:
 * what they use (pools, queues) is closed after them.
 */
export function closeGently(app: FastifyInstance): void {
  const busy = new Set<Promise<unknown>>();
  let closing = false;
  app.addHook("onRequest", async (_request, reply) => {
    if (!closing) return;
    reply.headers({ connection: "close", "retry-after": "1" });
    throw new AppError("unavailable", "Suar is stopping here; ask again");
  });
  app.addHook("onRoute", (route) => {
    const { handler } = route;
    route.handler = function (request, reply) {
      const result: unknown = handler.call(this, request, reply);
      if (result instanceof Promise) {
        busy.add(result);
        const forget = (): boolean => busy.delete(result);
        result.then(forget, forget);
      }
      return result;
    };
  });
  app.addHook("preClose", async () => {
    closing = true;
    const tidy = setInterval(() => app.server.closeIdleConnections(), LOOK_EVERY_MS);
    const cut = setTimeout(() => app.server.closeAllConnections(), LAST_REQUESTS_MS);
    app.server.once("close", () => {
      clearInterval(tidy);
      clearTimeout(cut);
    });
  });
  app.addHook("onClose", async () => {
    await Promise.allSettled(busy);
  });
}
