import { WebhookMessage } from "@suar/contract";
import type { Entry } from "@suar/log";
import { expect, it } from "vitest";
import { itemMessage, messageId, testMessage } from "./message.ts";

const object = { type: "indicator", id: "indicator--1", name: 'a "quoted" name' };
const entry: Entry = {
  seq: 7,
  at: "2027-01-01T00:00:00.000001Z",
  kind: "released",
  isStub: false,
  renditionId: 1,
  audience: new Set([1]),
  producerId: 1,
  producer: "SG",
  tlp: "green",
  stixId: object.id,
  body: JSON.stringify(object),
};

it.each(["released", "withdrawn", "a-later-kind"])("builds what the contract describes for %s", (kind) => {
  const { type, body } = itemMessage({ ...entry, kind }, "live", "abcdefgh");
  const message = JSON.parse(body);
  expect(WebhookMessage.parse(message)).toEqual(message);
  expect(message).toMatchObject({ type, timestamp: entry.at, data: { cursor: "abcdefgh.7", kind, object } });
});

it("builds a test that the contract describes", () => {
  const message = JSON.parse(testMessage("live", new Date(0)).body);
  expect(WebhookMessage.parse(message)).toEqual(message);
  expect(message).toMatchObject({ type: "test", timestamp: "1970-01-01T00:00:00.000Z" });
});

it("gives an endpoint and an entry one id, whenever it is asked", () => {
  expect(messageId("a", 1)).toBe(messageId("a", 1));
  expect(new Set([messageId("a", 1), messageId("a", 2), messageId("b", 1)]).size).toBe(3);
});
