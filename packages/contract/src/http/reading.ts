import { z } from "zod";
import { FilterQuery, WATCHED } from "../filter.ts";
import { Item } from "../item.ts";
import { StreamEvent } from "../live/messages.ts";
import { defineRoute } from "./define.ts";
import { IndicatorLife, SightingCounts, ToldSighting } from "./life.ts";
import { AcknowledgeWithin } from "./recalls.ts";
import { Instant, pageOf } from "./shared.ts";

const AfterParameter = z.string().max(64).default("0").describe("`0`, `latest`, or a cursor");

export const LogQuery = FilterQuery.extend({
  after: AfterParameter,
  limit: z.coerce.number().int().min(1).max(1000).default(500),
  wait: z.coerce.number().int().min(0).max(30).default(0).describe("Seconds to wait for something new"),
});
export type LogQuery = z.infer<typeof LogQuery>;

export const LogPage = z.object({
  items: z.array(Item),
  next: z.string().describe("Cursor to go on from, also when nothing matched"),
  head: z.int().describe("The log's last seq"),
});
export type LogPage = z.infer<typeof LogPage>;

/** What one producer states about an id: two may state the same id differently, and nobody overwrites another. */
export const Assertion = z.object({
  producer: z.string(),
  tlp: z.string(),
  seq: z.int(),
  at: Instant,
  withdrawn: z.boolean(),
  object: Item.shape.object,
});
export type Assertion = z.infer<typeof Assertion>;

const Lived = Assertion.extend({
  life: IndicatorLife.optional().describe("Of an indicator that is not withdrawn"),
});

export const SearchHit = Lived.extend({
  sightings: SightingCounts,
  alsoReportedBy: z
    .int()
    .describe("Other members, among those whose reports you may see, with the same value"),
});
export type SearchHit = z.infer<typeof SearchHit>;

const tag = "reading";
const readers = ["analyst", "subscriber", "coordinator", "officer"] as const;

export const readLog = defineRoute({
  method: "GET",
  path: "/v1/log",
  tag,
  summary: "Read the log: everything released to you, in order",
  roles: readers,
  query: LogQuery,
  status: 200,
  reply: LogPage,
  problems: ["bad-cursor", "bad-filter", "cursor-reset"],
});

export const listObjects = defineRoute({
  method: "GET",
  path: "/v1/objects",
  tag,
  summary: "The newest assertions that you may see, newest first",
  roles: readers,
  query: z.object({
    type: z.string().max(100).optional(),
    producer: z.string().max(60).optional(),
    after: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  status: 200,
  reply: pageOf(Assertion),
  problems: ["bad-cursor"],
});

export const getObject = defineRoute({
  method: "GET",
  path: "/v1/objects/:id",
  tag,
  summary: "What each producer states about this id, as far as you may see it",
  roles: readers,
  params: z.object({ id: z.string().max(200) }),
  status: 200,
  reply: z.object({
    id: z.string(),
    assertions: z.array(Lived),
    alsoReportedBy: z.int(),
    sightings: SightingCounts.extend({
      said: z.array(ToldSighting).describe("The newest, at most 100"),
    }),
  }),
  problems: ["not-found"],
});

export const withdrawObject = defineRoute({
  method: "POST",
  path: "/v1/objects/:id/withdraw",
  tag,
  summary: "Take back what your organisation stated about this id",
  description:
    "Everyone who was sent it is told, whatever their filter, and no channel serves the body any more. Each receiver is to acknowledge it in time, and is reminded at half of that and at its end.",
  roles: ["analyst", "officer"],
  params: z.object({ id: z.string().max(200) }),
  body: z
    .strictObject({
      reason: z.string().max(2000).optional(),
      acknowledgeWithin: AcknowledgeWithin.optional(),
    })
    .nullish(),
  status: 200,
  reply: z.object({
    id: z.string(),
    withdrawnAt: Instant,
    versions: z.int(),
    recall: z.uuid().describe("Tells who has acknowledged it"),
  }),
  problems: ["not-found", "already-withdrawn"],
});

export const search = defineRoute({
  method: "GET",
  path: "/v1/search",
  tag,
  summary: "Look up a value (defanged is fine) or words, among what you may see",
  description: `${WATCHED} finds what concerns anything that your organisation watches: a stretch of the log a page, so that a page may be empty and have a next one.`,
  roles: readers,
  query: z.object({
    q: z.string().trim().min(2).max(500),
    type: z.string().max(100).optional(),
    after: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  status: 200,
  reply: z.object({
    understood: z
      .object({ kind: z.string(), value: z.string() })
      .nullable()
      .describe("The value that was looked up"),
    items: z.array(SearchHit).describe("Newest first"),
    next: z.string().optional(),
  }),
  problems: ["bad-cursor"],
});

export const createTicket = defineRoute({
  method: "POST",
  path: "/v1/live/ticket",
  tag: "live",
  summary: "A single-use ticket of 30 seconds for WebSocket clients that cannot set headers",
  roles: readers,
  onlyReads: true,
  status: 201,
  reply: z.object({ ticket: z.string(), expiresAt: Instant }),
});

export const live = defineRoute({
  method: "GET",
  path: "/v1/live",
  tag: "live",
  summary: "The live log, by WebSocket (subprotocol suar.v1) or by SSE (Accept: text/event-stream)",
  headers: {
    "last-event-id": {
      description: "SSE: the cursor to go on after, which goes before `after`",
      required: false,
    },
  },
  description: [
    "Both carry the same messages, and both begin at 0 unless told otherwise, as /v1/log does.",
    "By SSE `after` and the filter are query parameters; an event's `event:` is its message's `op`, its `data:` the message, its `id:` the cursor. Last-Event-ID resumes; a ticket lets in once, so that whoever came by one comes back with a new one.",
    "By WebSocket `after` and the filter stand in {op: subscribe, after, filter}, at most 64 KiB; as query parameters they are not read.",
    "Close codes: 44xx do not retry; 45xx retry with jitter; 1009 a message over 64 KiB, 1002, 1007 and 1008 frames that break RFC 6455: do not retry.",
  ].join(" "),
  roles: readers,
  query: FilterQuery.extend({
    after: AfterParameter,
    ticket: z.string().max(100).optional().describe("Of POST /v1/live/ticket, in place of a key"),
  }),
  status: 200,
  reply: StreamEvent,
  problems: ["bad-cursor", "bad-filter", "cursor-reset", "not-acceptable"],
});

export const readingRoutes = { readLog, listObjects, getObject, withdrawObject, search, createTicket, live };
