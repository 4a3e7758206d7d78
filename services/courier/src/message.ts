import { hash } from "node:crypto";
import { type TestMessage, type WebhookMessage, webhookTypeOf } from "@suar/contract";
import { type Entry, itemText } from "@suar/log";

/** The same endpoint and entry have the same id at every try and replay: 128 bits of a hash of both. */
export function messageId(endpointId: string, seq: number): string {
  return `msg_${hash("sha256", `${endpointId} ${seq}`, "hex").slice(0, 32)}`;
}

/** An entry's message, with the item as every channel carries it: its body is JSON text already. */
export function itemMessage(entry: Entry, realm: string, epoch: string): { type: string; body: string } {
  const head = { type: webhookTypeOf(entry.kind), timestamp: entry.at } satisfies Omit<
    WebhookMessage,
    "data"
  >;
  const body = `${JSON.stringify(head).slice(0, -1)},"data":${itemText(entry, realm, epoch)}}`;
  return { type: head.type, body };
}

export function testMessage(realm: string, at: Date): { type: string; body: string } {
  const message: TestMessage = {
    type: "test",
    timestamp: at.toISOString(),
    data: { realm, message: "This is a test. Nothing was released." },
  };
  return { type: message.type, body: JSON.stringify(message) };
}
