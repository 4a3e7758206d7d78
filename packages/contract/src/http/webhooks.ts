import { z } from "zod";
import { Filter } from "../filter.ts";
import { defineRoute } from "./define.ts";
import { IdParams, Instant, PageQuery, pageOf } from "./shared.ts";

export const WebhookState = z.enum(["active", "paused", "disabled"]);
export type WebhookState = z.infer<typeof WebhookState>;

export const Webhook = z.object({
  id: z.uuid(),
  url: z.string(),
  description: z.string(),
  filter: Filter,
  state: WebhookState,
  stateReason: z.string().nullable(),
  restingUntil: Instant.nullable().describe(
    "It failed so often that nothing is sent before this; a test that succeeds, or `resume`, ends the rest at once",
  ),
  lastProblem: z
    .string()
    .nullable()
    .describe("What went wrong at the last attempt; null when that succeeded"),
  cursor: z.string().describe("Everything up to here was matched; frozen while not active"),
  pending: z.int().describe("Deliveries waiting for their time or for an answer"),
  createdAt: Instant,
});
export type Webhook = z.infer<typeof Webhook>;

export const WebhookWithSecret = Webhook.extend({ secret: z.string().describe("whsec_…; shown once") });
export type WebhookWithSecret = z.infer<typeof WebhookWithSecret>;

export const Attempt = z.object({
  id: z.string(),
  webhookId: z.string().describe("The webhook-id header: the same for every try of one delivery"),
  seq: z.int().nullable(),
  type: z.string(),
  number: z.int(),
  at: Instant,
  durationMs: z.int(),
  status: z.int().nullable().describe("HTTP status, null when there was no answer"),
  outcome: z.enum(["delivered", "retrying", "exhausted"]),
  problem: z.string().nullable(),
  nextAt: Instant.nullable().describe(
    "When it is tried again, never before the webhook's rest ends; of a try that another followed, what was planned",
  ),
});
export type Attempt = z.infer<typeof Attempt>;

const tag = "webhooks";
const roles = ["subscriber", "analyst", "officer"] as const;
const Url = z.url({ protocol: /^https?$/ }).max(2000);

const settings = { filter: Filter.default({}), description: z.string().max(500).default("") };

export const createWebhook = defineRoute({
  method: "POST",
  path: "/v1/webhooks",
  tag,
  summary: "Have what is released to you posted to a URL, signed after Standard Webhooks",
  roles,
  body: z.strictObject({
    url: Url,
    ...settings,
    after: z
      .union([z.literal(0), z.string().max(64)])
      .default("latest")
      .describe("Where to begin: `latest`, 0 or a cursor"),
  }),
  status: 201,
  reply: WebhookWithSecret,
  problems: ["address-refused", "bad-cursor", "cursor-reset", "quota-exceeded"],
});

export const listWebhooks = defineRoute({
  method: "GET",
  path: "/v1/webhooks",
  tag,
  summary: "Your organisation's webhooks",
  roles,
  query: PageQuery,
  status: 200,
  reply: pageOf(Webhook),
  problems: ["bad-cursor"],
});

export const getWebhook = defineRoute({
  method: "GET",
  path: "/v1/webhooks/:id",
  tag,
  summary: "One webhook",
  roles,
  params: IdParams,
  status: 200,
  reply: Webhook,
  problems: ["not-found"],
});

export const changeWebhook = defineRoute({
  method: "PATCH",
  path: "/v1/webhooks/:id",
  tag,
  summary: "Change URL, filter or description; the cursor stays where it is",
  roles,
  params: IdParams,
  body: z.strictObject({
    url: Url.optional(),
    filter: Filter.optional(),
    description: z.string().max(500).optional(),
  }),
  status: 200,
  reply: Webhook,
  problems: ["not-found", "address-refused"],
});

export const deleteWebhook = defineRoute({
  method: "DELETE",
  path: "/v1/webhooks/:id",
  tag,
  summary: "Delete a webhook",
  roles,
  params: IdParams,
  status: 204,
  reply: z.undefined(),
  problems: ["not-found"],
});

const action = (name: string, summary: string) =>
  defineRoute({
    method: "POST",
    path: `/v1/webhooks/:id/${name}`,
    tag,
    summary,
    roles,
    params: IdParams,
    status: 200,
    reply: Webhook,
    problems: ["not-found"],
  });

export const pauseWebhook = action("pause", "Stop sending; the cursor freezes, nothing is lost");
export const resumeWebhook = action("resume", "Go on from the frozen cursor, also after it was disabled");

export const testWebhook = defineRoute({
  method: "POST",
  path: "/v1/webhooks/:id/test",
  tag,
  summary: "Send a test event now and tell how it went; a success ends the webhook's rest",
  roles,
  params: IdParams,
  status: 200,
  reply: Attempt,
  problems: ["not-found"],
});

export const rotateSecret = defineRoute({
  method: "POST",
  path: "/v1/webhooks/:id/rotate-secret",
  tag,
  summary: "A new secret; for 24 hours both sign",
  roles,
  params: IdParams,
  status: 200,
  reply: WebhookWithSecret,
  problems: ["not-found"],
});

export const replayWebhook = defineRoute({
  method: "POST",
  path: "/v1/webhooks/:id/replay",
  tag,
  summary: "Send again everything after a seq that matches the filter",
  roles,
  params: IdParams,
  body: z.strictObject({ from: z.int().min(0).describe("The first seq to send again is from + 1") }),
  status: 200,
  reply: Webhook,
  problems: ["not-found", "bad-cursor"],
});

export const listAttempts = defineRoute({
  method: "GET",
  path: "/v1/webhooks/:id/attempts",
  tag,
  summary: "Every attempt, newest first",
  roles,
  params: IdParams,
  query: PageQuery,
  status: 200,
  reply: pageOf(Attempt),
  problems: ["not-found", "bad-cursor"],
});

export const webhookRoutes = {
  createWebhook,
  listWebhooks,
  getWebhook,
  changeWebhook,
  deleteWebhook,
  pauseWebhook,
  resumeWebhook,
  testWebhook,
  rotateSecret,
  replayWebhook,
  listAttempts,
};
