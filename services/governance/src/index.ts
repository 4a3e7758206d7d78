/** What members agree on and decide of their sharing. Its tables: agreement, policy_key, policy_proposal, policy_signature. */
export { governanceService } from "./app.ts";
