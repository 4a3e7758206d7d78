/** Webhooks. Its tables: webhook, delivery, attempt. */
export { courierService } from "./app.ts";
export { CourierConfig } from "./config.ts";
