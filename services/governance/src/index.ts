/**
 * What members agree on and decide of their sharing, what waits for their officers, and what follows a change of it. Its
 * tables: agreement, policy_key, policy_proposal, policy_signature; of each realm reevaluation.
 */
export { governanceService } from "./app.ts";
