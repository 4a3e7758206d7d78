import { webhookTypeOf } from "@suar/contract";
import { type Entry, itemText } from "@suar/log";
import { uuidv5 } from "@suar/stix";

/** Namespace of webhook message ids: the same endpoint and entry have the same id at every try and replay. */
const NAMESPACE = "6f1d1f0e-5c0a-5d0e-9a54-3b7a5f0d9c11";

export function messageId(endpointId: string, seq: number): string {
  return `msg_${uuidv5(NAMESPACE, `${endpointId} ${seq}`).replaceAll("-", "")}`;
}

/** The body of a webhook: `{type, timestamp, data}` (Standard Webhooks), the item as every channel carries it. */
export function itemMessage(entry: Entry, realm: string, epoch: string): { type: string; body: string } {
  const type = webhookTypeOf(entry.kind);
  return {
    type,
    body: `{"type":"${type}","timestamp":"${entry.at}","data":${itemText(entry, realm, epoch)}}`,
  };
}

export function testMessage(realm: string, at: Date): { type: string; body: string } {
  const data = { realm, message: "This is a test. Nothing was released." };
  return { type: "test", body: JSON.stringify({ type: "test", timestamp: at.toISOString(), data }) };
}
