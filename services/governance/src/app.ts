import type { Service } from "@suar/runtime";
import { startDecidingAnew } from "./jobs/decide-anew.ts";
import { startDiffing } from "./jobs/diff-policies.ts";
import { startLapsing } from "./jobs/lapse-approvals.ts";
import { registerAgreements } from "./routes/agreements.ts";
import { registerApprovals } from "./routes/approvals.ts";
import { registerClosing } from "./routes/closing.ts";
import { registerPolicies } from "./routes/policies.ts";
import { registerPolicyDiffs } from "./routes/policy-diffs.ts";
import { registerPolicyKeys } from "./routes/policy-keys.ts";
import { registerProposals } from "./routes/policy-proposals.ts";
import { registerWarningLists } from "./routes/warning-lists.ts";

/** Governance: what members agree on and sign, before anything is shared under it; what becomes of what was; and what is no threat. */
export function governanceService(): Service {
  return {
    name: "governance",
    routes: async (app, platform) => {
      await registerWarningLists(app, platform);
      registerAgreements(app, platform);
      registerPolicies(app, platform);
      registerPolicyKeys(app, platform);
      registerProposals(app, platform);
      registerPolicyDiffs(app, platform);
      registerApprovals(app, platform);
      registerClosing(app, platform);
      return undefined;
    },
    serveRealm: async (platform, realm) => {
      const loops = [startDecidingAnew(platform, realm), startLapsing(platform, realm)];
      // Policies are a matter of the live realm alone.
      if (realm.kind === "live") loops.push(startDiffing(platform, realm));
      return async () => {
        await Promise.all(loops.map(async ({ stop }) => await stop()));
      };
    },
  };
}
