/** The live log by WebSocket and SSE. Its table: live_ticket. */
export { feedService } from "./app.ts";
