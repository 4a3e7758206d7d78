/**
 * What services and clients say to each other: HTTP resources, live messages, jobs, items and errors, each
 * defined once as a zod schema and parsed at both ends.
 *
 * Invariants
 * - The set of problem codes is closed; a code decides its status (errors.ts) and nothing else does.
 * - Sets that clients read (kinds of items, live ops) are open: a client ignores what it does not know.
 * - A job's payload holds row ids only, never content and never a realm's data (DESIGN 1.5, 1.7).
 *
 * It describes and parses; it opens no connection, reads no environment and imports neither runtime nor
 * services, so that the published client can carry it.
 */
export * from "./cursor.ts";
export * from "./errors.ts";
export * from "./filter.ts";
export * from "./http/agreements.ts";
export * from "./http/approvals.ts";
export * from "./http/closing.ts";
export * from "./http/contacts.ts";
export * from "./http/define.ts";
export * from "./http/deliveries.ts";
export * from "./http/drills.ts";
export * from "./http/explain.ts";
export * from "./http/exports.ts";
export * from "./http/identity.ts";
export * from "./http/inbox.ts";
export * from "./http/life.ts";
export * from "./http/markings.ts";
export * from "./http/people.ts";
export * from "./http/policies.ts";
export * from "./http/policy-diff.ts";
export * from "./http/public.ts";
export * from "./http/reading.ts";
export * from "./http/recalls.ts";
export * from "./http/response.ts";
export { PageQuery, ToldName } from "./http/shared.ts";
export * from "./http/sightings.ts";
export * from "./http/sources.ts";
export * from "./http/submission-input.ts";
export * from "./http/submissions.ts";
export * from "./http/tlog.ts";
export * from "./http/warning-lists.ts";
export * from "./http/watch.ts";
export * from "./http/webhooks.ts";
export * from "./item.ts";
export * from "./jobs/define.ts";
export * from "./jobs/jobs.ts";
export * from "./list-place.ts";
export * from "./live/messages.ts";
export * from "./platform-header.ts";
export * from "./principal.ts";
export { retryAfterMs } from "./retry-after.ts";
export * from "./routes.ts";
export * from "./webhook-message.ts";
