import swagger from "@fastify/swagger";
import {
  IdempotencyKey,
  PROBLEMS,
  Problem,
  type ProblemCode,
  type RouteDefinition,
  routes,
  takesIdempotencyKey,
} from "@suar/contract";
import { fastify } from "fastify";
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { z } from "zod";
import { schemaOf } from "./handle.ts";
import { describeLive } from "./openapi-live.ts";
import { OPENAPI_WEBHOOKS } from "./openapi-webhooks.ts";

/**
 * The OpenAPI 3.1 document of the whole public API, made from the contract alone: it is the same in every
 * process, whichever routes that process serves.
 */
export async function openApiDocument(serverUrl: string): Promise<Record<string, unknown>> {
  const app = fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Suar",
        version: "1",
        description: "Threat-information sharing and joint response of national CERTs",
      },
      servers: [{ url: serverUrl }],
      webhooks: OPENAPI_WEBHOOKS,
      components: {
        securitySchemes: {
          key: { type: "http", scheme: "bearer", description: "A key: suar_<id>_<secret>" },
        },
      },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(async (scope) => {
    for (const route of Object.values(routes) as RouteDefinition[]) {
      scope.route({
        method: route.method,
        url: route.path,
        schema: documentedSchema(route),
        handler: async () => undefined,
      });
    }
  });
  await app.ready();
  const document = app.swagger() as unknown as Document;
  await app.close();
  for (const route of Object.values(routes) as RouteDefinition[]) describeRawBodies(document, route);
  describeLive(document);
  return document;
}

function documentedSchema(route: RouteDefinition): Record<string, unknown> {
  const schema = schemaOf(route);
  const headers = headersOf(route);
  const byStatus = new Map<number, Set<string>>();
  for (const code of refusalsOf(route)) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  }
  const problems = [...byStatus].map(([status, codes]) => [
    status,
    {
      description: `Problem: ${[...codes].join(", ")}`,
      content: { "application/problem+json": { schema: Problem } },
    },
  ]);
  const roles =
    route.roles === "anyone"
      ? "No key needed."
      : route.roles.length === 0
        ? "Any key."
        : `Roles: ${route.roles.join(", ")}.`;
  return {
    ...schema,
    ...(route.rawBodies && { body: z.any(), consumes: Object.keys(route.rawBodies) }),
    ...(Object.keys(headers).length > 0 && { headers: z.object(headers) }),
    summary: route.summary,
    description: [route.description, roles].filter(Boolean).join("\n\n"),
    tags: [route.tag],
    ...(route.roles === "anyone" ? { security: [] } : { security: [{ key: [] }] }),
    response: { ...(schema.response as object), ...otherForm(route), ...Object.fromEntries(problems) },
  };
}

/** An answer that is not JSON, by its own media type. */
function otherForm({ status, reply, replyType }: RouteDefinition): Record<number, unknown> {
  if (replyType === undefined) return {};
  return { [status]: { description: "As it is", content: { [replyType]: { schema: reply } } } };
}

/** All that a route may answer instead: what is its own, and what is every route's of its kind. */
function refusalsOf(route: RouteDefinition): ProblemCode[] {
  const { body, roles, problems = [] } = route;
  return [
    ...(roles === "anyone"
      ? []
      : (["unauthenticated", "key-expired", "key-revoked", "key-waits", "forbidden"] as const)),
    // Every route refuses a query parameter that it does not know.
    "bad-request",
    ...(body === undefined
      ? []
      : (["malformed-json", "forbidden-key", "too-deep", "too-large", "unsupported-media-type"] as const)),
    ...(takesIdempotencyKey(route)
      ? (["bad-request", "conflict", "in-progress", "idempotency-mismatch"] as const)
      : []),
    ...problems,
    "rate-limited",
    "internal",
    "unavailable",
  ];
}

function headersOf(route: RouteDefinition): Record<string, z.ZodType> {
  const own = Object.entries(route.headers ?? {}).map(([name, { description, required }]) => {
    const text = z.string().describe(description);
    return [name, required ? text : text.optional()];
  });
  const repeat = takesIdempotencyKey(route) ? { "idempotency-key": IdempotencyKey.optional() } : {};
  return { ...Object.fromEntries(own), ...repeat };
}

type Operation = { requestBody: { content: Record<string, { schema: unknown }> } };
type Document = Record<string, unknown> & {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas?: Record<string, unknown> };
};

/** Gives each media type of a raw body its own schema, for which a Fastify route has no place. */
function describeRawBodies({ paths }: Document, { path, method, rawBodies }: RouteDefinition): void {
  const operation = paths[path.replace(/:(\w+)/g, "{$1}")]?.[method.toLowerCase()];
  if (rawBodies === undefined || operation === undefined) return;
  const content = Object.entries(rawBodies).map(([type, schema]) => {
    return [type, { schema: z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) }];
  });
  operation.requestBody = { content: Object.fromEntries(content) };
}
