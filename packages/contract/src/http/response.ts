import { Tlp } from "@suar/stix";
import { z } from "zod";
import { Filter } from "../filter.ts";
import { Addressee, OrganisationCode } from "../principal.ts";
import { defineRoute } from "./define.ts";
import { IdParams, Instant, Label, PageQuery, pageOf } from "./shared.ts";

export const AlertRule = z.object({
  id: z.uuid(),
  name: z.string(),
  filter: Filter,
  createdAt: Instant,
});
export type AlertRule = z.infer<typeof AlertRule>;

export const Alert = z.object({
  id: z.uuid(),
  rule: z.object({ id: z.uuid(), name: z.string() }),
  state: z.enum(["queued", "raised", "acknowledged"]),
  seq: z.int().describe("The log entry that raised it"),
  object: z.string().describe("STIX id of what matched"),
  producer: z.string(),
  raisedAt: Instant.nullable(),
  acknowledgedAt: Instant.nullable(),
  acknowledgedBy: z.string().nullable(),
});
export type Alert = z.infer<typeof Alert>;

export const Advisory = z.object({
  id: z.uuid(),
  state: z.enum(["draft", "published", "withdrawn"]),
  title: z.string(),
  body: z.string(),
  severity: z.enum(["low", "medium", "high", "critical"]),
  tlp: Tlp,
  to: z.array(OrganisationCode),
  labels: z.array(z.string()),
  references: z.array(z.string()).describe("STIX ids of objects it is about"),
  draftedBy: z.string(),
  publishedBy: z.string().nullable(),
  publishedAt: Instant.nullable(),
  stixId: z.string(),
  version: z.int().describe("Goes up with each edit; also the ETag"),
});
export type Advisory = z.infer<typeof Advisory>;

export const AdvisoryDraft = z.strictObject({
  title: Label,
  body: z.string().trim().min(1).max(100_000).describe("Plain text or Markdown"),
  severity: z.enum(["low", "medium", "high", "critical"]).default("medium"),
  tlp: Tlp,
  to: z
    .array(Addressee)
    .max(500)
    .default([])
    .describe("Members, agencies and groups; none: all whom the marking allows"),
  labels: z.array(Label).max(50).default([]),
  references: z.array(z.string().max(200).toLowerCase()).max(500).default([]),
});
export type AdvisoryDraft = z.infer<typeof AdvisoryDraft>;

const readers = ["analyst", "subscriber", "officer"] as const;
const writers = ["analyst", "officer"] as const;

export const createAlertRule = defineRoute({
  method: "POST",
  path: "/v1/alert-rules",
  tag: "alerts",
  summary: "Raise an alert whenever something released to you matches",
  roles: writers,
  body: z.strictObject({
    name: Label,
    filter: Filter.refine(
      (filter) => Object.keys(filter).length > 0,
      "Say what to watch for: one field at least",
    ),
  }),
  status: 201,
  reply: AlertRule,
  problems: ["quota-exceeded"],
});

export const listAlertRules = defineRoute({
  method: "GET",
  path: "/v1/alert-rules",
  tag: "alerts",
  summary: "Your organisation's alert rules",
  roles: readers,
  query: PageQuery,
  status: 200,
  reply: pageOf(AlertRule),
  problems: ["bad-cursor"],
});

export const deleteAlertRule = defineRoute({
  method: "DELETE",
  path: "/v1/alert-rules/:id",
  tag: "alerts",
  summary: "Delete an alert rule; its alerts stay",
  roles: writers,
  params: IdParams,
  status: 204,
  reply: z.undefined(),
  problems: ["not-found"],
});

export const listAlerts = defineRoute({
  method: "GET",
  path: "/v1/alerts",
  tag: "alerts",
  summary: "Your organisation's alerts, newest first",
  roles: readers,
  query: PageQuery.extend({ state: z.enum(["queued", "raised", "acknowledged"]).optional() }),
  status: 200,
  reply: pageOf(Alert),
  problems: ["bad-cursor"],
});

export const acknowledgeAlert = defineRoute({
  method: "POST",
  path: "/v1/alerts/:id/acknowledge",
  tag: "alerts",
  summary: "Acknowledge an alert; a repeat is harmless",
  roles: readers,
  params: IdParams,
  status: 200,
  reply: Alert,
  problems: ["not-found", "conflict"],
});

export const createAdvisory = defineRoute({
  method: "POST",
  path: "/v1/advisories",
  tag: "advisories",
  summary: "Draft an advisory",
  roles: writers,
  body: AdvisoryDraft,
  status: 201,
  reply: Advisory,
  problems: ["unknown-member", "red-needs-people"],
});

export const listAdvisories = defineRoute({
  method: "GET",
  path: "/v1/advisories",
  tag: "advisories",
  summary: "Your organisation's advisories, newest first",
  roles: readers,
  query: PageQuery,
  status: 200,
  reply: pageOf(Advisory),
  problems: ["bad-cursor"],
});

export const getAdvisory = defineRoute({
  method: "GET",
  path: "/v1/advisories/:id",
  tag: "advisories",
  summary: "One advisory of your organisation",
  roles: readers,
  params: IdParams,
  status: 200,
  reply: Advisory,
  problems: ["not-found"],
});

export const changeAdvisory = defineRoute({
  method: "PUT",
  path: "/v1/advisories/:id",
  tag: "advisories",
  summary: "Edit a draft, or prepare a newer version of what is published; needs If-Match",
  roles: writers,
  params: IdParams,
  headers: { "if-match": { description: "ETag of the version that was edited", required: true } },
  body: AdvisoryDraft,
  status: 200,
  reply: Advisory,
  problems: ["not-found", "edited-meanwhile", "conflict", "unknown-member", "red-needs-people"],
});

export const publishAdvisory = defineRoute({
  method: "POST",
  path: "/v1/advisories/:id/publish",
  tag: "advisories",
  summary: "Publish a draft; somebody else than the one who last edited it has to do this",
  roles: writers,
  params: IdParams,
  status: 200,
  reply: Advisory,
  problems: ["not-found", "second-person-needed", "conflict"],
});

export const responseRoutes = {
  createAlertRule,
  listAlertRules,
  deleteAlertRule,
  listAlerts,
  acknowledgeAlert,
  createAdvisory,
  listAdvisories,
  getAdvisory,
  changeAdvisory,
  publishAdvisory,
};
