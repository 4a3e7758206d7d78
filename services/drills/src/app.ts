import type { Service } from "@suar/runtime";
import { startPlaying } from "./play-drills.ts";
import { registerDrills } from "./routes/drills.ts";

/** Drills: the same machinery, sealed off. */
export function drillsService(): Service {
  return {
    name: "drills",
    routes: async (app, platform) => {
      registerDrills(app, platform);
      return undefined;
    },
    // One player a process, beside the live realm: it plays all runs, whichever realm they are in.
    serveRealm: async (platform, realm) => {
      if (realm.kind !== "live") return async () => undefined;
      const player = startPlaying(platform);
      return async () => await player.stop();
    },
  };
}
