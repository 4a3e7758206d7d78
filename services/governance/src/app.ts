import type { Service } from "@suar/runtime";
import { startDecidingAnew } from "./jobs/decide-anew.ts";
import { registerAgreements } from "./routes/agreements.ts";
import { registerPolicies } from "./routes/policies.ts";
import { registerPolicyKeys } from "./routes/policy-keys.ts";
import { registerProposals } from "./routes/policy-proposals.ts";

/** Governance: what members agree on and sign, before anything is shared under it; and what becomes of what was. */
export function governanceService(): Service {
  return {
    name: "governance",
    routes: async (app, platform) => {
      registerAgreements(app, platform);
      registerPolicies(app, platform);
      registerPolicyKeys(app, platform);
      registerProposals(app, platform);
      return undefined;
    },
    serveRealm: async (platform, realm) => startDecidingAnew(platform, realm).stop,
  };
}
