import { agreementRoutes } from "./http/agreements.ts";
import { contactRoutes } from "./http/contacts.ts";
import { drillRoutes } from "./http/drills.ts";
import { identityRoutes } from "./http/identity.ts";
import { inboxRoutes } from "./http/inbox.ts";
import { peopleRoutes } from "./http/people.ts";
import { policyRoutes } from "./http/policies.ts";
import { policyDiffRoutes } from "./http/policy-diff.ts";
import { readingRoutes } from "./http/reading.ts";
import { recallRoutes } from "./http/recalls.ts";
import { responseRoutes } from "./http/response.ts";
import { sourceRoutes } from "./http/sources.ts";
import { submissionRoutes } from "./http/submissions.ts";
import { tlogRoutes } from "./http/tlog.ts";
import { webhookRoutes } from "./http/webhooks.ts";

/** Every call of the public API by name: what the documentation shows and what the crawl tests walk. */
export const routes = {
  ...identityRoutes,
  ...peopleRoutes,
  ...contactRoutes,
  ...submissionRoutes,
  ...sourceRoutes,
  ...readingRoutes,
  ...inboxRoutes,
  ...recallRoutes,
  ...tlogRoutes,
  ...webhookRoutes,
  ...responseRoutes,
  ...agreementRoutes,
  ...policyRoutes,
  ...policyDiffRoutes,
  ...drillRoutes,
};
export type RouteName = keyof typeof routes;
