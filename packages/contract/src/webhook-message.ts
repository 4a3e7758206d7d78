import { z } from "zod";
import { Item } from "./item.ts";

const Timestamp = z.string().describe("RFC 3339: when the item was logged, or the test was asked for");

const ItemMessage = z.object({
  type: z.string().describe("As object.released or alert.raised; ignore what you do not know"),
  timestamp: Timestamp,
  data: Item,
});

const TestMessage = z.object({
  type: z.literal("test"),
  timestamp: Timestamp,
  data: z.object({ realm: z.string(), message: z.string() }),
});

/** The body of a webhook (Standard Webhooks): an item as every channel carries it, or the test that was asked for. */
export const WebhookMessage = z.union([TestMessage, ItemMessage]);
export type WebhookMessage = z.infer<typeof WebhookMessage>;
export type TestMessage = z.infer<typeof TestMessage>;

/** The headers that come with it (Standard Webhooks), all of them signed or the signature itself. */
export const WebhookHeaders = z.object({
  "webhook-id": z.string().describe("The same for every try of one delivery"),
  "webhook-timestamp": z.string().describe("Seconds since 1970, of this try"),
  "webhook-signature": z.string().describe("One or, while a secret is rotated, two of v1,<base64>"),
});

/** An item's webhook type (Standard Webhooks: full-stop separated, past tense). */
export function webhookTypeOf(kind: string): string {
  const known: Record<string, string> = {
    released: "object.released",
    withdrawn: "object.withdrawn",
    alert: "alert.raised",
    advisory: "advisory.published",
  };
  return known[kind] ?? `${kind}.released`;
}
