import type { Service } from "@suar/runtime";
import { startMatching } from "./jobs/match-alerts.ts";
import { startRaising } from "./jobs/raise-alerts.ts";
import { registerAdvisories } from "./routes/advisories.ts";
import { registerAlertRules } from "./routes/alert-rules.ts";
import { registerAlerts } from "./routes/alerts.ts";

/** Response: what members watch for, and what they tell one another. */
export function responseService(): Service {
  return {
    name: "response",
    routes: async (app, platform) => {
      registerAlertRules(app, platform);
      registerAlerts(app, platform);
      registerAdvisories(app, platform);
      return undefined;
    },
    serveRealm: async (platform, realm) => {
      const worker = await startRaising(platform, realm);
      const matching = await startMatching(platform, realm);
      return async () => {
        await matching.stop();
        await worker.close();
      };
    },
  };
}
