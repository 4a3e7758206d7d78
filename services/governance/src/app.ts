import type { Service } from "@suar/runtime";
import { startLapsing } from "./jobs/lapse-approvals.ts";
import { registerAgreements } from "./routes/agreements.ts";
import { registerApprovals } from "./routes/approvals.ts";
import { registerPolicies } from "./routes/policies.ts";
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
      registerApprovals(app, platform);
      return undefined;
    },
    serveRealm: async (platform, realm) => {
      const lapsing = startLapsing(platform, realm);
      return lapsing.stop;
    },
  };
}
