import { z } from "zod";
import { After } from "../cursor.ts";
import { Filter } from "../filter.ts";
import { Item } from "../item.ts";

/** The WebSocket subprotocol of `GET /v1/live`. */
export const LIVE_PROTOCOL = "suar.v1";

const Subscribe = z
  .strictObject({ op: z.literal("subscribe"), after: After, filter: Filter.default({}) })
  .describe("Begins the reading, within ten seconds; a second one replaces the first one's place and filter");

const Ping = z
  .strictObject({ op: z.literal("ping") })
  .describe("Asks for a `pong`, before or after `subscribe`");

/** What a client may say: one subscription a connection; a second `subscribe` replaces the filter. */
export const ClientMessage = z.discriminatedUnion("op", [Subscribe, Ping]);
export type ClientMessage = z.infer<typeof ClientMessage>;

const Subscribed = z
  .object({
    op: z.literal("subscribed"),
    head: z.int().describe("The log's last seq"),
    cursor: z.string().describe("Where the reading begins: to come back with before there is a later one"),
  })
  .describe("The first answer to `subscribe`, and the first event of an event stream");

const Event = z
  .object({ op: z.literal("event"), ...Item.shape })
  .describe("An item of the log: what /v1/log has, and `op`");

const Position = z
  .object({ op: z.literal("position"), cursor: z.string().describe("Everything up to here was seen") })
  .describe("Where the reader stands, now and then, while what passes is not for it or not in its filter");

const CaughtUp = z
  .object({ op: z.literal("caught-up"), cursor: z.string().describe("Everything up to here was seen") })
  .describe("Once a `subscribe`, when what was logged before is read; what follows comes as it is released");

const Reset = z
  .object({
    op: z.literal("reset"),
    reason: z.string().describe("`epoch`: the log was restored, and counts anew; or a later reason"),
    oldest: z.string().describe("The cursor to begin again from"),
  })
  .describe(
    "The cursor is of another epoch of the log: the connection ends, and everything is to be read again",
  );

const Bye = z
  .object({
    op: z.literal("bye"),
    code: z
      .string()
      .describe(
        "`shutting-down` and `slow`: come back; `key-revoked` and `realm-closed`: do not; or a later code",
      ),
    resume: z.string().nullable().describe("The cursor to come back with"),
    afterMs: z.int().describe("Milliseconds to wait before coming back"),
  })
  .describe("The server ends the connection");

const Refused = z
  .object({
    op: z.literal("error"),
    code: z.string().describe("A problem's code, as /problems lists them"),
    detail: z.string().optional(),
  })
  .describe("The client's message was wrong, or cannot be answered just now: the connection ends");

const Pong = z.object({ op: z.literal("pong") }).describe("The answer to `ping`");

/** What the server says. A client ignores an `op` that it does not know. */
export const ServerMessage = z.discriminatedUnion("op", [
  Subscribed,
  Event,
  Position,
  CaughtUp,
  Reset,
  Bye,
  Refused,
  Pong,
]);
export type ServerMessage = z.infer<typeof ServerMessage>;

/** What an event stream (WHATWG HTML §9.2) says of it: `error` is a problem document there, and nobody pings. */
export const StreamMessage = z.discriminatedUnion("op", [Subscribed, Event, Position, CaughtUp, Reset, Bye]);
export type StreamMessage = z.infer<typeof StreamMessage>;

/** An event of the stream, by its fields. */
export const StreamEvent = z
  .object({
    id: z
      .string()
      .optional()
      .describe("The cursor of the data; with `reset` and `bye` there is none, and the one before it holds"),
    event: z.string().describe("The `op` of the data"),
    retry: z.int().optional().describe("With `bye`: milliseconds to wait before coming back"),
    data: StreamMessage.describe("In one line of JSON, the same text as in a WebSocket's message"),
  })
  .describe("An event of the event stream, by its fields; ignore an `event` that you do not know");

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
  internal: 1011,
  badMessage: 4400,
  unauthenticated: 4401,
  reset: 4410,
  shuttingDown: 4503,
  slow: 4508,
} as const;

const CLOSE_MEANINGS: Record<keyof typeof CLOSE, string> = {
  protocolError: "A frame broke RFC 6455: do not retry",
  badUtf8: "A text was not UTF-8: do not retry",
  tooManyFrames: "A message came in too many frames: do not retry",
  tooLarge: "A message was over 64 KiB: do not retry",
  internal: "Something went wrong on our side: retry with jitter",
  badMessage: "After `error`: the message was wrong, do not send it again",
  unauthenticated: "After `bye`: the key may not be used any more, or the realm was closed; do not retry",
  reset: "After `reset`: begin again from `oldest`",
  shuttingDown: "After `bye` or `error`: retry from the last cursor after `afterMs`, with jitter",
  slow: "After `bye`: the line took nothing for 30 seconds; retry from `resume` after `afterMs`, with jitter",
};

const CloseCode = z
  .union(
    (Object.keys(CLOSE) as (keyof typeof CLOSE)[]).map((name) =>
      z.literal(CLOSE[name]).describe(CLOSE_MEANINGS[name]),
    ),
  )
  .describe("The WebSocket close codes that the server gives");

/** All of the live protocol, each by the name under which the documentation has it. */
export const LIVE_SCHEMAS = {
  LiveClientMessage: ClientMessage.describe("What a client may send by WebSocket, each as one text message"),
  LiveSubscribe: Subscribe,
  LivePing: Ping,
  LiveServerMessage: ServerMessage.describe(
    "What the server sends by WebSocket, each as one text message; ignore an `op` that you do not know",
  ),
  LiveSubscribed: Subscribed,
  LiveEvent: Event,
  LivePosition: Position,
  LiveCaughtUp: CaughtUp,
  LiveReset: Reset,
  LiveBye: Bye,
  LiveError: Refused,
  LivePong: Pong,
  LiveCloseCode: CloseCode,
  LiveStreamEvent: StreamEvent,
  Filter,
} as const satisfies Record<string, z.ZodType>;
