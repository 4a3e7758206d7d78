import { type Item, WebhookMessage } from "@suar/contract";
import { Webhook } from "standardwebhooks";
import { jsonOr, SuarError } from "./error.ts";

/** What a webhook brought: `id` is the same for every try of one delivery; a test event holds no item. */
export type WebhookEvent = { id: string; type: string; timestamp: string; item: Item | undefined };

type HeadersLike = Headers | Record<string, string | string[] | undefined>;

/**
 * Checks a webhook's signature (Standard Webhooks, five minutes of clock difference) and reads it. `body` is
 * the body as it came, never parsed and written again. While a secret is being rotated, give both. Throws
 * `bad-signature`, or `not-an-event` for what is signed and yet not one of Suar's events.
 */
export function verifyWebhook(
  headers: HeadersLike,
  body: string | Uint8Array,
  secret: string | readonly string[],
): WebhookEvent {
  const named = plainHeaders(headers);
  const text = typeof body === "string" ? body : Buffer.from(body).toString("utf8");
  verifySignature(named, text, typeof secret === "string" ? [secret] : secret);
  const message = WebhookMessage.safeParse(jsonOr(text, undefined));
  if (!message.success)
    throw new SuarError("not-an-event", "the body is signed, but is no event", { cause: message.error });
  const { type, timestamp, data } = message.data;
  return { id: named["webhook-id"] ?? "", type, timestamp, item: "seq" in data ? data : undefined };
}

function verifySignature(headers: Record<string, string>, text: string, secrets: readonly string[]): void {
  let cause: unknown;
  for (const secret of secrets) {
    try {
      new Webhook(secret).verify(text, headers, { jsonParse: false });
      return;
    } catch (error) {
      // Another of the secrets may fit; the last reason is told.
      cause = error;
    }
  }
  throw new SuarError("bad-signature", cause instanceof Error ? cause.message : "no secret given", { cause });
}

function plainHeaders(headers: HeadersLike): Record<string, string> {
  const entries = headers instanceof Headers ? headers.entries() : Object.entries(headers);
  const plain: Record<string, string> = {};
  for (const [name, value] of entries) {
    if (typeof value === "string") plain[name.toLowerCase()] = value;
  }
  return plain;
}
