import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { verifyWebhook } from "./verify-webhook.ts";

const secret = `whsec_${Buffer.from("a secret of some length, really").toString("base64")}`;
const other = `whsec_${Buffer.from("another secret of some length..").toString("base64")}`;
const item = {
  seq: 5,
  cursor: "abcdefgh.5",
  at: "2027-01-01T00:00:00.000000Z",
  realm: "live",
  kind: "released",
  tlp: "green",
  producer: "SG",
  object: { type: "indicator", id: "indicator--1" },
};

function signed(event: unknown, at = new Date(), with_ = secret) {
  const body = JSON.stringify(event);
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = new Webhook(with_).sign("msg_1", at, body);
  return {
    body,
    headers: { "Webhook-Id": "msg_1", "webhook-timestamp": timestamp, "webhook-signature": signature },
  };
}

test("verifies and reads an event, from a plain record and from Headers, text and bytes", () => {
  const { headers, body } = signed({
    type: "object.released",
    timestamp: "2027-01-01T00:00:00Z",
    data: item,
  });
  const expected = { id: "msg_1", type: "object.released", timestamp: "2027-01-01T00:00:00Z", item };
  expect(verifyWebhook(headers, body, secret)).toEqual(expected);
  expect(verifyWebhook(new Headers(headers), Buffer.from(body), [other, secret])).toEqual(expected);
});

test("refuses a changed body, a foreign secret, an old timestamp and missing headers", () => {
  const event = { type: "object.released", timestamp: "2027-01-01T00:00:00Z", data: item };
  const { headers, body } = signed(event);
  const bad = { code: "bad-signature" };
  expect(() => verifyWebhook(headers, body.replace("green", "clear"), secret)).toThrow(
    expect.objectContaining(bad),
  );
  expect(() => verifyWebhook(headers, body, other)).toThrow(expect.objectContaining(bad));
  expect(() => verifyWebhook({}, body, secret)).toThrow(expect.objectContaining(bad));
  const old = signed(event, new Date(Date.now() - 3_600_000));
  expect(() => verifyWebhook(old.headers, old.body, secret)).toThrow(expect.objectContaining(bad));
});

test("takes a test event without an item, and a later kind, but no other event without one", () => {
  const at = "2027-01-01T00:00:00Z";
  const read = (event: unknown) => {
    const { headers, body } = signed(event);
    return verifyWebhook(headers, body, secret);
  };
  expect(
    read({ type: "test", timestamp: at, data: { realm: "live", message: "hello" } }).item,
  ).toBeUndefined();
  expect(
    read({ type: "incident.released", timestamp: at, data: { ...item, kind: "incident" } }).item?.kind,
  ).toBe("incident");
  expect(() => read({ type: "object.released", timestamp: at, data: {} })).toThrow(
    expect.objectContaining({ code: "not-an-event" }),
  );
  expect(() => read("text")).toThrow(expect.objectContaining({ code: "not-an-event" }));
});
