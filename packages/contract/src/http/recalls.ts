import { z } from "zod";
import { defineRoute } from "./define.ts";
import { IdParams, Instant, PageQuery, pageOf, ToldName } from "./shared.ts";

/** Ways by which an entry of the log reaches somebody. */
export const DELIVERY_CHANNELS = [
  "websocket",
  "sse",
  "webhook",
  "pull",
  "taxii",
  "search",
  "object",
  "export",
] as const;
export type DeliveryChannel = (typeof DELIVERY_CHANNELS)[number];

/** What became of one entry of the log: an object version in one copy, or the word that a receiver has it no more. */
export const Receipt = z.object({
  seq: z.int().positive(),
  at: Instant.describe("When it was logged"),
  kind: z.string(),
  object: z.string().describe("The id that the copy bears: a redacted one has another"),
  version: z.string(),
  receivers: z.array(
    z.object({
      organisation: ToldName,
      delivered: z
        .array(
          z.object({
            channel: z.string().describe(`One of ${DELIVERY_CHANNELS.join(", ")}, or a later one`),
            first: Instant,
            last: Instant,
          }),
        )
        .describe(
          "By each channel, to the second: frames handed to a socket, webhooks answered with 2xx, pages sent whole. A crash may forget the last seconds; nothing is told that was not",
        ),
      acknowledgedAt: Instant.nullable().describe(
        "When the receiver itself said that it has it: a release by the first 2xx of a webhook, a withdrawal by its acknowledgement of the recall",
      ),
      takenAway: z
        .object({
          at: Instant.describe("When it was closed, which is before anybody is told"),
          toldAt: Instant.nullable().describe(
            "When the log told the receiver; null while it has not, and where it has a newer version of the object",
          ),
          why: z
            .array(z.string())
            .describe(
              "None while it is closed ahead of the decision that will tell why. Codes: `withdrawn`, `replaced` by another copy, `removed` from Suar, `nothing-left` to send, or a reason of policy",
            ),
        })
        .nullable()
        .describe("Since when this release is closed to the receiver; null while it is not"),
    }),
  ),
});
export type Receipt = z.infer<typeof Receipt>;

export const RecallState = z.enum(["open", "overdue", "acknowledged"]);
export type RecallState = z.infer<typeof RecallState>;

export const RecallReceiver = z.object({
  organisation: ToldName,
  state: z
    .enum([...RecallState.options, "not-expected"])
    .describe("`not-expected` of who was removed, and cannot be reached"),
  reminders: z.array(Instant),
  acknowledgedAt: Instant.nullable(),
});
export type RecallReceiver = z.infer<typeof RecallReceiver>;

export const Recall = z.object({
  id: z.uuid(),
  producer: z.string(),
  objects: z.array(z.string()).describe("What was taken back, by the ids that you know it by"),
  withdrawnAt: Instant,
  dueAt: Instant.describe("Until when every receiver is to acknowledge it"),
  state: RecallState.describe("Yours; of a recall of your own, that of all its receivers together"),
  acknowledgedAt: Instant.nullable().describe("When your organisation acknowledged it"),
  receivers: z.array(RecallReceiver).optional().describe("Told to the originator alone"),
});
export type Recall = z.infer<typeof Recall>;

/** Minutes that receivers have to acknowledge a recall: a quarter of an hour to thirty days. */
export const AcknowledgeWithin = z
  .int()
  .min(15)
  .max(30 * 24 * 60)
  .describe("Minutes that receivers have to acknowledge it; 1440 unless told");

const tag = "recalls";
const readers = ["analyst", "subscriber", "officer"] as const;
const people = ["analyst", "officer"] as const;

export const listReceipts = defineRoute({
  method: "GET",
  path: "/v1/objects/:id/receipts",
  tag,
  summary: "To whom what your organisation stated about this id was logged, delivered and known",
  description:
    "For the originator alone. It tells organisations and times, never people, addresses or anybody's filter.",
  roles: people,
  params: z.object({ id: z.string().max(200) }),
  query: PageQuery.extend({ limit: z.coerce.number().int().min(1).max(100).default(50) }),
  status: 200,
  reply: pageOf(Receipt),
  problems: ["not-found", "bad-cursor"],
});

export const listRecalls = defineRoute({
  method: "GET",
  path: "/v1/recalls",
  tag,
  summary: "Withdrawals that await acknowledgements: yours of others' objects, and others' of yours",
  roles: readers,
  query: PageQuery.extend({
    state: z
      .enum(["open", "acknowledged"])
      .optional()
      .describe("Of what others took back: what you have still to acknowledge, or have"),
  }),
  status: 200,
  reply: pageOf(Recall),
  problems: ["bad-cursor"],
});

export const getRecall = defineRoute({
  method: "GET",
  path: "/v1/recalls/:id",
  tag,
  summary: "One recall; to its originator with who has acknowledged it",
  roles: readers,
  params: IdParams,
  status: 200,
  reply: Recall,
  problems: ["not-found"],
});

export const acknowledgeRecall = defineRoute({
  method: "POST",
  path: "/v1/recalls/:id/acknowledgement",
  tag,
  summary: "Say that your organisation uses and keeps what was taken back no longer; a repeat is harmless",
  roles: people,
  params: IdParams,
  status: 200,
  reply: Recall,
  problems: ["not-found", "conflict"],
});

export const recallRoutes = { listReceipts, listRecalls, getRecall, acknowledgeRecall };
