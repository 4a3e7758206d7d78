import { createAddressGuard, type Service } from "@suar/runtime";
import type { CourierConfig } from "./config.ts";
import { startDelivering } from "./jobs/deliver-webhook.ts";
import { startDispatching } from "./jobs/dispatch.ts";
import { createPoster } from "./poster.ts";
import { registerWebhookAttempts } from "./routes/webhook-attempts.ts";
import { registerWebhookControls } from "./routes/webhook-controls.ts";
import { registerWebhooks } from "./routes/webhooks.ts";

/** Courier: what was released, posted and signed, at least once. */
export function courierService(config: CourierConfig): Service {
  const guard = createAddressGuard(config.SUAR_WEBHOOK_ALLOW, "SUAR_WEBHOOK_ALLOW");
  const newPoster = () => createPoster(guard, config.SUAR_WEBHOOK_TIMEOUT_MS);
  return {
    name: "courier",
    routes: async (app, platform) => {
      const poster = newPoster();
      registerWebhooks(app, platform, guard);
      registerWebhookControls(app, platform);
      registerWebhookAttempts(app, platform, poster);
      return async () => await poster.close();
    },
    serveRealm: async (platform, realm) => {
      const worker = await startDelivering(platform, realm, newPoster());
      const dispatcher = await startDispatching(platform, realm);
      return async () => {
        await dispatcher.stop();
        await worker.close();
      };
    },
  };
}
