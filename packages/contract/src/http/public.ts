import { z } from "zod";
import { defineRoute } from "./define.ts";
import { Instant } from "./shared.ts";

const StatedObject = z
  .intersection(z.record(z.string(), z.unknown()), z.looseObject({ type: z.string(), id: z.string() }))
  .describe("STIX 2.1 object; of what was withdrawn its type, id and modified alone");

/** What was released to everybody. It has no number: how much is released to others is theirs to know. */
export const PublicEvent = z.object({
  at: Instant,
  kind: z.string(),
  tlp: z.literal("clear"),
  producer: z.string().describe("Code of the organisation that states this"),
  object: StatedObject,
});
export type PublicEvent = z.infer<typeof PublicEvent>;

const tag = "public";
const caching =
  "May be cached where it is asked for anew each time (ETag, If-None-Match): what is withdrawn is gone at once.";
const headers = {
  "if-none-match": {
    description: "The ETag of an earlier answer: 304 where nothing has changed",
    required: false,
  },
};

export const readPublicEvents = defineRoute({
  method: "GET",
  path: "/v1/public/events",
  tag,
  summary: "What was released to everybody, in order, and what was taken back of it",
  description: `No key is needed. Only what is TLP:CLEAR, and what the policy of its producer for the public lets through. ${caching}`,
  roles: "anyone",
  headers,
  query: z.object({
    after: z.string().max(200).default("0").describe("`0`, or the `next` of an earlier page"),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  status: 200,
  reply: z.object({
    items: z.array(PublicEvent),
    next: z.string().describe("`after` of the next page, also when there was nothing"),
    more: z.boolean().describe("Whether there may be more at once"),
  }),
  problems: ["bad-cursor", "cursor-reset"],
});

export const getPublicObject = defineRoute({
  method: "GET",
  path: "/v1/public/objects/:id",
  tag,
  summary: "What each producer states about this id to everybody",
  description: `No key is needed. ${caching}`,
  roles: "anyone",
  headers,
  params: z.object({ id: z.string().max(200) }),
  status: 200,
  reply: z.object({
    id: z.string(),
    assertions: z.array(PublicEvent.omit({ kind: true }).extend({ withdrawn: z.boolean() })),
  }),
  problems: ["not-found"],
});

export const publicRoutes = { readPublicEvents, getPublicObject };
