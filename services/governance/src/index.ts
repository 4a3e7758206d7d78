/** What members agree on and decide of their sharing. Its tables: agreement. */
export { governanceService } from "./app.ts";
