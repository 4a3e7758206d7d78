/** Alerts and advisories. Its tables: alert_rule, alert, alert_cursor, advisory. */
export { responseService } from "./app.ts";
