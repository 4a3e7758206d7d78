import type { Service } from "@suar/runtime";
import type { IntakeConfig } from "./config.ts";
import { startNormalizing } from "./jobs/normalize-submission.ts";
import { startSweeping } from "./jobs/sweep.ts";
import { registerSubmissions } from "./routes/submissions.ts";

/** Intake: takes submissions in, and turns them into releases. */
export function intakeService(config: IntakeConfig): Service {
  return {
    name: "intake",
    routes: async (app, platform) => {
      await registerSubmissions(app, platform, config);
      return undefined;
    },
    serveRealm: async (platform, realm) => {
      const worker = await startNormalizing(platform, realm, config);
      const sweeper = startSweeping(platform, realm);
      return async () => {
        await sweeper.stop();
        await worker.close();
      };
    },
  };
}
