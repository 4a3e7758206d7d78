import { drillRoutes } from "./http/drills.ts";
import { identityRoutes } from "./http/identity.ts";
import { readingRoutes } from "./http/reading.ts";
import { responseRoutes } from "./http/response.ts";
import { sourceRoutes } from "./http/sources.ts";
import { submissionRoutes } from "./http/submissions.ts";
import { tlogRoutes } from "./http/tlog.ts";
import { webhookRoutes } from "./http/webhooks.ts";

/** Every call of the public API by name: what the documentation shows and what the crawl tests walk. */
export const routes = {
  ...identityRoutes,
  ...submissionRoutes,
  ...sourceRoutes,
  ...readingRoutes,
  ...tlogRoutes,
  ...webhookRoutes,
  ...responseRoutes,
  ...drillRoutes,
};
export type RouteName = keyof typeof routes;
