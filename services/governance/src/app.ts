import type { Service } from "@suar/runtime";
import { registerAgreements } from "./routes/agreements.ts";

/** Governance: what members agree on, before anything is shared under it. */
export function governanceService(): Service {
  return {
    name: "governance",
    routes: async (app, platform) => {
      registerAgreements(app, platform);
      return undefined;
    },
  };
}
