import { z } from "zod";
import { After } from "../cursor.ts";
import { Filter } from "../filter.ts";
import { Item } from "../item.ts";

/** The WebSocket subprotocol of `GET /v1/live`. */
export const LIVE_PROTOCOL = "suar.v1";

/** What a client may say: one subscription a connection; a second `subscribe` replaces the filter. */
export const ClientMessage = z.discriminatedUnion("op", [
  z.strictObject({ op: z.literal("subscribe"), after: After, filter: Filter.default({}) }),
  z.strictObject({ op: z.literal("ping") }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

/** What the server says. A client ignores an `op` that it does not know. */
export const ServerMessage = z.discriminatedUnion("op", [
  z.object({
    op: z.literal("subscribed"),
    head: z.int().describe("The log's last seq"),
    cursor: z.string().describe("Where the reading begins: to come back with before there is a later one"),
  }),
  z.object({ op: z.literal("event"), ...Item.shape }),
  z.object({ op: z.literal("position"), cursor: z.string() }),
  z.object({ op: z.literal("caught-up"), cursor: z.string() }),
  z.object({ op: z.literal("reset"), reason: z.string(), oldest: z.string() }),
  z.object({ op: z.literal("bye"), code: z.string(), resume: z.string().nullable(), afterMs: z.int() }),
  z.object({ op: z.literal("error"), code: z.string(), detail: z.string().optional() }),
  z.object({ op: z.literal("pong") }),
]);
export type ServerMessage = z.infer<typeof ServerMessage>;

/** Bytes of the largest message that a client may send. */
export const LARGEST_MESSAGE = 64 * 1024;

/**
 * Close codes. 44xx do not retry, 45xx retry with jitter (DESIGN 4). Frames that break the protocol are answered
 * by the protocol's own codes (RFC 6455 §7.4.1) and nothing else is said: the same frames would end the same way.
 */
export const CLOSE = {
  protocolError: 1002,
  badUtf8: 1007,
  tooManyFrames: 1008,
  tooLarge: 1009,
  badMessage: 4400,
  unauthenticated: 4401,
  reset: 4410,
  shuttingDown: 4503,
  slow: 4508,
} as const;
