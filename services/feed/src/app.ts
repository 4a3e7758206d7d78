import type { Service } from "@suar/runtime";
import { createHub } from "./hub.ts";
import { registerLive } from "./routes/live.ts";
import { registerTickets } from "./routes/tickets.ts";

/** Feed: one shared tail a realm, and any number of readers, each an index into it. */
export function feedService(): Service {
  const hubs = new Map<object, ReturnType<typeof createHub>>();
  return {
    name: "feed",
    routes: async (app, platform) => {
      const hub = createHub(platform);
      hubs.set(platform, hub);
      registerTickets(app, platform);
      await registerLive(app, platform, hub);
      return async () => await hub.close();
    },
    serveRealm: async (platform, realm) =>
      (await hubs.get(platform)?.serve(realm)) ?? (async () => undefined),
  };
}
