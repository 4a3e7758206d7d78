import { LARGEST_MESSAGE, LIVE_PROTOCOL, LIVE_SCHEMAS, live } from "@suar/contract";
import { z } from "zod";

type Described = {
  components: { schemas?: Record<string, unknown> };
  paths: Record<string, Record<string, object>>;
};

/**
 * Gives `GET /v1/live` what a Fastify route has no place for: an event stream, a change of protocol, and the
 * messages that follow. OpenAPI 3.1 knows no WebSocket: what goes over it stands in `x-websocket`.
 */
export function describeLive({ components, paths }: Described): void {
  components.schemas = { ...components.schemas, ...liveSchemas() };
  const operation = paths[live.path]?.[live.method.toLowerCase()] as { responses: object };
  Object.assign(operation, {
    responses: { ...operation.responses, ...ANSWERS },
    "x-websocket": {
      subprotocol: LIVE_PROTOCOL,
      largestMessageBytes: LARGEST_MESSAGE,
      send: { $ref: uriOf("LiveClientMessage") },
      receive: { $ref: uriOf("LiveServerMessage") },
      closeCodes: { $ref: uriOf("LiveCloseCode") },
    },
  });
}

const ANSWERS = {
  101: {
    description: `Switching protocols: a WebSocket of the subprotocol ${LIVE_PROTOCOL}, where the request is an upgrade; see x-websocket`,
    headers: { "sec-websocket-protocol": { schema: { type: "string", const: LIVE_PROTOCOL } } },
  },
  200: {
    description: "An event stream, until either side ends it; each event is as the schema has it",
    content: { "text/event-stream": { schema: { $ref: uriOf("LiveStreamEvent") } } },
  },
};

function uriOf(name: string): string {
  return `#/components/schemas/${name}`;
}

/** The contract's own schemas, which refer to each other by name. Fields that are added later are no error. */
function liveSchemas(): Record<string, unknown> {
  const named = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(LIVE_SCHEMAS)) named.add(schema, { id });
  const { schemas } = z.toJSONSchema(named, { io: "input", uri: uriOf });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _dialect, $id: _uri, ...schema }]) => [name, schema]),
  );
}
