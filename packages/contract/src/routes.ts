import { agreementRoutes } from "./http/agreements.ts";
import { approvalRoutes } from "./http/approvals.ts";
import { closingRoutes } from "./http/closing.ts";
import { contactRoutes } from "./http/contacts.ts";
import { drillRoutes } from "./http/drills.ts";
import { explainRoutes } from "./http/explain.ts";
import { identityRoutes } from "./http/identity.ts";
import { inboxRoutes } from "./http/inbox.ts";
import { markingRoutes } from "./http/markings.ts";
import { peopleRoutes } from "./http/people.ts";
import { policyRoutes } from "./http/policies.ts";
import { policyDiffRoutes } from "./http/policy-diff.ts";
import { publicRoutes } from "./http/public.ts";
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
  ...markingRoutes,
  ...publicRoutes,
  ...inboxRoutes,
  ...recallRoutes,
  ...tlogRoutes,
  ...webhookRoutes,
  ...responseRoutes,
  ...agreementRoutes,
  ...policyRoutes,
  ...policyDiffRoutes,
  ...closingRoutes,
  ...approvalRoutes,
  ...explainRoutes,
  ...drillRoutes,
};
export type RouteName = keyof typeof routes;
