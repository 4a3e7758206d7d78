import { lookup } from "node:dns/promises";
import { createAddressGuard } from "@suar/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPoster } from "../../services/courier/src/poster.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";

/** What is connected to is checked, not only what was written: a name may lead inside. */
let receiver: Receiver;
let port: string;

beforeAll(async () => {
  receiver = await startReceiver();
  port = new URL(receiver.url).port;
});
afterAll(async () => {
  await receiver.close();
});

async function postTo(host: string, allowed: readonly string[]): Promise<string | null> {
  const poster = createPoster(createAddressGuard(allowed, "SUAR_WEBHOOK_ALLOW"), 2_000);
  try {
    const { problem } = await poster.post({ url: `http://${host}:${port}/hook`, headers: {}, body: "{}" });
    return problem;
  } finally {
    await poster.close();
  }
}

test("refuses a name that resolves to loopback at the moment of connecting", async () => {
  expect((await lookup("localhost")).address).toMatch(/^127\.|^::1$/);
  expect(await postTo("localhost", [])).toMatch(/^refused: /);
  expect(receiver.received).toEqual([]);
});

test.each(["127.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "2130706433", "0x7f.1", "0"])(
  "refuses the literal %s at the moment of connecting",
  async (host) => {
    expect(await postTo(host, [])).toMatch(/^refused: /);
    expect(receiver.received).toEqual([]);
  },
);

test("reaches the same receiver once the operator allows its network", async () => {
  expect(await postTo("127.0.0.1", ["127.0.0.0/8"])).toBeNull();
  expect(receiver.received.length).toBe(1);
});
