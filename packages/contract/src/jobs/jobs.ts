import { z } from "zod";
import { defineJob } from "./define.ts";

/** Reads, normalizes, gates and releases one submission. */
export const normalizeSubmission = defineJob({
  name: "normalize-submission.v1",
  queue: "intake",
  payload: z.strictObject({ submissionId: z.uuid() }),
  attempts: 3,
  whileRunning: "nothing",
});

/** Pulls what is new in one source. */
export const pullSource = defineJob({
  name: "pull-source.v1",
  queue: "sources",
  payload: z.strictObject({ sourceId: z.uuid() }),
  attempts: 1,
  whileRunning: "again",
});

/** Sends what is due on one webhook endpoint. */
export const deliverWebhook = defineJob({
  name: "deliver-webhook.v1",
  queue: "courier",
  payload: z.strictObject({ endpointId: z.uuid() }),
  attempts: 1,
  whileRunning: "again",
});

/** Releases the queued alerts of one organisation. */
export const raiseAlerts = defineJob({
  name: "raise-alerts.v1",
  queue: "response",
  payload: z.strictObject({ organisationId: z.int() }),
  attempts: 3,
  whileRunning: "again",
});

/** Reminds one organisation of the recalls that it has not acknowledged. */
export const remindOfRecalls = defineJob({
  name: "remind-of-recalls.v1",
  queue: "response",
  payload: z.strictObject({ organisationId: z.int() }),
  attempts: 3,
  whileRunning: "again",
});

/** Tells one organisation what waits for its officers, and what became of what it submitted. */
export const tellOfApprovals = defineJob({
  name: "tell-of-approvals.v1",
  queue: "response",
  payload: z.strictObject({ organisationId: z.int() }),
  attempts: 3,
  whileRunning: "again",
});
