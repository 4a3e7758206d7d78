import { z } from "zod";
import { defineRoute } from "./define.ts";
import { Instant, PageQuery, pageOf } from "./shared.ts";

/** What the platform says that it handed to an organisation: an entry, by each channel first and last. */
export const DeliveredEntry = z.object({
  seq: z.int().positive(),
  delivered: z
    .array(z.object({ channel: z.string(), first: Instant, last: Instant }))
    .describe("As its originator is told of it, to the second"),
});
export type DeliveredEntry = z.infer<typeof DeliveredEntry>;

/** How many people's data a member's releases told another jurisdiction of in a year, as quotas count them. */
export const IndividualCount = z.object({
  exporter: z.string(),
  importer: z.string(),
  year: z.int(),
  individuals: z.int().nonnegative(),
});
export type IndividualCount = z.infer<typeof IndividualCount>;

const tag = "proofs";

export const listDeliveries = defineRoute({
  method: "GET",
  path: "/v1/log/deliveries",
  tag,
  summary: "What was handed to your organisation, by which channels and when, as its originators are told",
  description:
    "In the order of the log. Set it beside what you have (`suar verify reconcile --told`): each of you alone knows what came. What a process handed over a second ago may be missing yet. A page may hold less than `limit`, or nothing: `next` is absent on the last one alone.",
  roles: ["analyst", "subscriber", "officer"],
  query: PageQuery,
  status: 200,
  reply: pageOf(DeliveredEntry),
  problems: ["bad-cursor"],
});

export const listIndividuals = defineRoute({
  method: "GET",
  path: "/v1/log/individuals",
  tag,
  summary: "How many people's data your member told whom of, by year, as its quotas count them",
  description:
    "To a member's CERT, of all of the member's organisations together. What receipts open must not come to more (`suar verify reconcile --told`).",
  roles: ["analyst", "officer"],
  status: 200,
  reply: z.object({ items: z.array(IndividualCount) }),
  problems: [],
});

export const deliveryRoutes = { listDeliveries, listIndividuals };
