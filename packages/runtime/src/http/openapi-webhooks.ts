import { ITEM_KINDS, WebhookHeaders, WebhookMessage, webhookTypeOf } from "@suar/contract";
import { z } from "zod";

const TYPES = [...ITEM_KINDS.map(webhookTypeOf), "test"].map((type) => `\`${type}\``).join(", ");

/** What Suar posts to others, as OpenAPI 3.1 documents it: the same schemas that build it and that parse it. */
export const OPENAPI_WEBHOOKS = {
  item: {
    post: {
      summary: "An item that was released to you, or a test",
      description: [
        "Signed after Standard Webhooks, at least once, under the same webhook-id. A 2xx takes it; everything else, redirects too, is tried again.",
        `Its \`type\` is one of ${TYPES}, or a later one: ignore what you do not know.`,
      ].join(" "),
      tags: ["webhooks"],
      parameters: Object.entries(WebhookHeaders.shape).map(([name, schema]) => ({
        in: "header" as const,
        name,
        required: true,
        description: schema.description ?? "",
        schema: { type: "string" as const },
      })),
      requestBody: { content: { "application/json": { schema: jsonSchemaOf(WebhookMessage) } } },
      responses: {
        "2XX": { description: "Taken" },
        "410": { description: "Gone: the webhook is disabled" },
        default: { description: "Tried again later, after Retry-After at the earliest" },
      },
    },
  },
};

/** As a receiver reads it: fields that are added later are no error. */
function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
}
