import type { Service } from "@suar/runtime";
import { registerAgreements } from "./routes/agreements.ts";
import { registerPolicies } from "./routes/policies.ts";
import { registerPolicyDiffs } from "./routes/policy-diffs.ts";
import { registerPolicyKeys } from "./routes/policy-keys.ts";
import { registerProposals } from "./routes/policy-proposals.ts";

/** Governance: what members agree on and sign, before anything is shared under it. */
export function governanceService(): Service {
  return {
    name: "governance",
    routes: async (app, platform) => {
      registerAgreements(app, platform);
      registerPolicies(app, platform);
      registerPolicyKeys(app, platform);
      registerProposals(app, platform);
      registerPolicyDiffs(app, platform);
      return undefined;
    },
  };
}
