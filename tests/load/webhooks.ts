import { submitAndWait } from "../support/api.ts";
import type { BenchPlatform } from "./bench-platform.ts";
import { startChild } from "./child.ts";
import { wideCsvTable } from "./inputs.ts";
import type { Result } from "./results.ts";
import { now, spreadOf } from "./statistics.ts";

const POSTS = 10_000;
const ROUNDS = 5;
/** The courier's own number of posts under way to one endpoint. */
const AT_ONCE = 16;
const FIRST = 60_000_000;

/**
 * Deliveries from a replay's request to the last post received, against a bare loop to the same receiver. A
 * first round, in which the code of both is still being compiled, is left out.
 */
export async function measureWebhooks(bench: BenchPlatform): Promise<Result[]> {
  const receiver = startChild("webhook-receiver");
  const bare = startChild("bare-posts");
  try {
    const { url } = await receiver.ask<{ url: string }>({ ask: "listen" });
    const { id, from, first } = await makeWebhook(bench, url, (posts) =>
      receiver.ask<Received>({ ask: "expect", posts }),
    );
    const headers = { "content-type": "application/json; charset=utf-8", "user-agent": "bare" };
    const rounds: { suarMs: number; bareMs: number; platformMs: number; databaseMs: number }[] = [];
    for (let round = -1; round < ROUNDS; round++) {
      const replayed = receiver.ask<Received>({ ask: "expect", posts: POSTS });
      const idle = bench.processorSeconds();
      const started = now();
      const answer = await bench.api("TH").post(`/v1/webhooks/${id}/replay`, { from });
      if (answer.status !== 200) throw new Error(`no replay: ${answer.status} ${answer.text}`);
      const suarMs = (await replayed).at - started;
      const busy = bench.processorSeconds();
      const platformMs = (busy.platform - idle.platform) * 1000;
      const databaseMs = (busy.database - idle.database) * 1000;
      await settled(bench, id);
      const posted = receiver.ask<Received>({ ask: "expect", posts: POSTS });
      const { at } = await bare.ask<{ at: number }>({
        url,
        body: first.body,
        headers,
        posts: POSTS,
        atOnce: AT_ONCE,
      });
      const bareMs = (await posted).at - at;
      if (round >= 0) rounds.push({ suarMs, bareMs, platformMs, databaseMs });
    }
    await bench.api("TH").send("DELETE", `/v1/webhooks/${id}`);
    const perSecond = (ms: number): number => (POSTS * 1000) / ms;
    return [
      {
        name: "webhook deliveries ÷ bare undici loop",
        unit: "",
        aim: { atLeast: 0.3 },
        ...spreadOf(rounds.map((one) => one.bareMs / one.suarMs)),
        detail: { rounds, bytes: first.body.length },
      },
      {
        name: "webhook deliveries a second",
        unit: "/s",
        ...spreadOf(rounds.map((one) => perSecond(one.suarMs))),
      },
      {
        name: "processor time a delivery, in the platform's process",
        unit: "µs",
        ...spreadOf(rounds.map((one) => (one.platformMs * 1000) / POSTS)),
      },
      {
        name: "the same in its database",
        unit: "µs",
        ...spreadOf(rounds.map((one) => (one.databaseMs * 1000) / POSTS)),
      },
      {
        name: "bare undici loop: posts a second",
        unit: "/s",
        ...spreadOf(rounds.map((one) => perSecond(one.bareMs))),
      },
    ];
  } finally {
    receiver.stop();
    bare.stop();
  }
}

type Received = { at: number; body: string };

/** Entries to deliver, and a webhook that has delivered them once. */
async function makeWebhook(bench: BenchPlatform, url: string, expect: (posts: number) => Promise<Received>) {
  const from = await bench.head();
  const created = await bench.api("TH").post("/v1/webhooks", { url });
  if (created.status !== 201) throw new Error(`no webhook: ${created.status} ${created.text}`);
  const received = expect(POSTS);
  await submitAndWait(bench.api("SG"), "?tlp=green", wideCsvTable(FIRST, POSTS), "text/csv");
  const first = await received;
  await settled(bench, created.body.id);
  return { id: String(created.body.id), from, first };
}

/** Waits until nothing is due any more, so that a round begins with an idle courier. */
async function settled(bench: BenchPlatform, id: string): Promise<void> {
  for (;;) {
    const { body } = await bench.api("TH").get(`/v1/webhooks/${id}`);
    if (body.pending === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
