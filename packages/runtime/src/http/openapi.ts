import swagger from "@fastify/swagger";
import { PROBLEMS, Problem, type RouteDefinition, routes } from "@suar/contract";
import { fastify } from "fastify";
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { z } from "zod";
import { schemaOf } from "./handle.ts";
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
  const document = app.swagger() as unknown as Record<string, unknown>;
  await app.close();
  return document;
}

const RAW_BODY = z.any().describe("As it is, in its own media type");

function documentedSchema(route: RouteDefinition): Record<string, unknown> {
  const schema = schemaOf(route);
  const refusals = [
    ...(route.roles === "anyone" ? [] : (["unauthenticated", "forbidden"] as const)),
    ...(route.problems ?? []),
  ];
  const byStatus = new Map<number, string[]>();
  for (const code of refusals)
    byStatus.set(PROBLEMS[code].status, [...(byStatus.get(PROBLEMS[code].status) ?? []), code]);
  const problems = [...byStatus].map(([status, codes]) => [
    status,
    {
      description: `Problem: ${codes.join(", ")}`,
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
    ...(route.rawBody === true && { body: RAW_BODY, consumes: ["*/*"] }),
    summary: route.summary,
    description: [route.description, roles].filter(Boolean).join("\n\n"),
    tags: [route.tag],
    ...(route.roles === "anyone" ? { security: [] } : { security: [{ key: [] }] }),
    response: { ...(schema.response as object), ...Object.fromEntries(problems) },
  };
}
