import { createAddressGuard, type Service } from "@suar/runtime";
import type { IntakeConfig } from "./config.ts";
import { startNormalizing } from "./jobs/normalize-submission.ts";
import { startPulling } from "./jobs/pull-source.ts";
import { startScheduling } from "./jobs/schedule-sources.ts";
import { startSweeping } from "./jobs/sweep.ts";
import { registerSightings } from "./routes/sightings.ts";
import { registerSources } from "./routes/sources.ts";
import { registerSubmissions } from "./routes/submissions.ts";

/** Intake: takes submissions in, pulls them from other servers, and turns them into releases. */
export function intakeService(config: IntakeConfig): Service {
  const guard = createAddressGuard(config.SUAR_SOURCE_ALLOW, "SUAR_SOURCE_ALLOW");
  return {
    name: "intake",
    routes: async (app, platform) => {
      await registerSubmissions(app, platform, config);
      registerSightings(app, platform, config);
      registerSources(app, platform, config, guard);
      return undefined;
    },
    serveRealm: async (platform, realm) => {
      const worker = await startNormalizing(platform, realm, config);
      const sweeper = startSweeping(platform, realm);
      // A drill is sealed off: nothing is pulled into it.
      const isLive = realm.kind === "live";
      const puller = isLive ? await startPulling(platform, realm, config, guard) : undefined;
      const scheduler = isLive ? startScheduling(platform, realm) : undefined;
      return async () => {
        await scheduler?.stop();
        await puller?.close();
        await sweeper.stop();
        await worker.close();
      };
    },
  };
}
