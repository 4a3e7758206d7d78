import { raiseAlerts } from "@suar/contract";
import type { Service } from "@suar/runtime";
import { startMatching } from "./jobs/match-alerts.ts";
import { queuedAlerts } from "./jobs/raise-alerts.ts";
import { recallReminders } from "./jobs/remind-of-recalls.ts";
import { approvalNotices } from "./jobs/tell-of-approvals.ts";
import { startTelling, telling } from "./jobs/tell-organisations.ts";
import { registerAdvisories } from "./routes/advisories.ts";
import { registerAlertRules } from "./routes/alert-rules.ts";
import { registerAlerts } from "./routes/alerts.ts";

const JOBS_AT_ONCE = 2;

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
      const tellings = [recallReminders(platform.directory), approvalNotices(platform.directory)];
      const handlers = [queuedAlerts(realm), ...tellings].map((one) => telling(platform, realm, one));
      const atOnce = realm.kind === "live" ? JOBS_AT_ONCE : 1;
      const worker = await platform.queue.work(realm.name, raiseAlerts.queue, handlers, atOnce);
      const sweeps = tellings.map((one) => startTelling(platform, realm, one));
      const matching = await startMatching(platform, realm);
      return async () => {
        await matching.stop();
        await Promise.all(sweeps.map((sweep) => sweep.stop()));
        await worker.close();
      };
    },
  };
}
