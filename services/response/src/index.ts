/** Alerts, advisories and notices. Its tables: alert_rule, alert, alert_cursor, advisory, recall_reminder, approval_notice. */
export { responseService } from "./app.ts";
