import { agreementRoutes } from "./http/agreements.ts";
import { approvalRoutes } from "./http/approvals.ts";
import { closingRoutes } from "./http/closing.ts";
import { contactRoutes } from "./http/contacts.ts";
import { deliveryRoutes } from "./http/deliveries.ts";
import { drillRoutes } from "./http/drills.ts";
import { explainRoutes } from "./http/explain.ts";
import { exportRoutes } from "./http/exports.ts";
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
import { sightingRoutes } from "./http/sightings.ts";
import { sourceRoutes } from "./http/sources.ts";
import { submissionRoutes } from "./http/submissions.ts";
import { tlogRoutes } from "./http/tlog.ts";
import { warningListRoutes } from "./http/warning-lists.ts";
import { watchRoutes } from "./http/watch.ts";
import { webhookRoutes } from "./http/webhooks.ts";

/** Every call of the public API by name: what the documentation shows and what the crawl tests walk. */
export const routes = {
  ...identityRoutes,
  ...peopleRoutes,
  ...contactRoutes,
  ...submissionRoutes,
  ...sourceRoutes,
  ...readingRoutes,
  ...sightingRoutes,
  ...exportRoutes,
  ...markingRoutes,
  ...publicRoutes,
  ...inboxRoutes,
  ...recallRoutes,
  ...deliveryRoutes,
  ...tlogRoutes,
  ...watchRoutes,
  ...webhookRoutes,
  ...responseRoutes,
  ...agreementRoutes,
  ...policyRoutes,
  ...policyDiffRoutes,
  ...closingRoutes,
  ...approvalRoutes,
  ...explainRoutes,
  ...drillRoutes,
  ...warningListRoutes,
};
export type RouteName = keyof typeof routes;
