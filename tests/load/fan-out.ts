import { submitAndWait, until } from "../support/api.ts";
import { openLive } from "../support/live.ts";
import type { BenchPlatform } from "./bench-platform.ts";
import { type Child, startChild } from "./child.ts";
import { wideCsvTable } from "./inputs.ts";
import type { Result } from "./results.ts";
import { now, spreadOf } from "./statistics.ts";

export const READERS = 1_000;
const EVENTS = 100;
const ROUNDS = 7;
const FIRST = 50_000_000;

/**
 * The same hundred messages to the same thousand readers, from Suar and from a loop over `ws` clients, in turns.
 * For Suar the pen is held until the entries wait for it: what is timed is numbering, reading and sending them.
 */
export async function measureFanOut(bench: BenchPlatform): Promise<Result[]> {
  const readers = startChild("fan-out-readers");
  const naive = startChild("naive-server");
  try {
    const suarGroup = await openSuarReaders(bench, readers);
    const { url } = await naive.ask<{ url: string }>({ ask: "listen" });
    const { group: naiveGroup } = await readers.ask<{ group: number }>({
      ask: "open",
      url,
      headers: [],
      first: "",
      readers: READERS,
    });
    const rounds: { suarMs: number; naiveMs: number }[] = [];
    const text = await sampleText(bench);
    for (let round = 0; round < ROUNDS; round++) {
      const suarMs = await playSuar(bench, readers, suarGroup, FIRST + (round + 1) * EVENTS);
      const naiveMs = await playNaive(naive, readers, naiveGroup, text);
      rounds.push({ suarMs, naiveMs });
    }
    const perSecond = (ms: number): number => (READERS * EVENTS * 1000) / ms;
    return [
      {
        name: `fan-out to ${READERS} readers ÷ naive ws loop`,
        unit: "",
        aim: { atLeast: 1 },
        ...spreadOf(rounds.map((one) => one.naiveMs / one.suarMs)),
        detail: { rounds, bytes: text.length },
      },
      {
        name: "fan-out: messages a second",
        unit: "/s",
        ...spreadOf(rounds.map((one) => perSecond(one.suarMs))),
      },
      {
        name: "naive ws loop: messages a second",
        unit: "/s",
        ...spreadOf(rounds.map((one) => perSecond(one.naiveMs))),
      },
    ];
  } finally {
    readers.stop();
    naive.stop();
  }
}

/** A thousand readers of MY at the platform's live log. */
export async function openSuarReaders(bench: BenchPlatform, readers: Child): Promise<number> {
  const { group } = await readers.ask<{ group: number }>({
    ask: "open",
    url: `${bench.process.url}/v1/live`,
    headers: [
      "Sec-WebSocket-Protocol: suar.v1",
      `Authorization: Bearer ${bench.process.key("MY", "subscriber")}`,
    ],
    first: JSON.stringify({ op: "subscribe", after: "latest" }),
    readers: READERS,
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  return group;
}

/** A message as Suar's readers get it: the naive loop sends the same. */
async function sampleText(bench: BenchPlatform): Promise<string> {
  const live = await openLive(bench.process.url, bench.process.key("MY", "subscriber"), { after: "latest" });
  await submitAndWait(bench.api("SG"), "?tlp=green", wideCsvTable(FIRST, 1), "text/csv");
  const [event] = await live.waitFor("an event", () => (live.events.length > 0 ? live.events : undefined));
  live.close();
  return JSON.stringify(event);
}

async function playSuar(bench: BenchPlatform, readers: Child, group: number, from: number): Promise<number> {
  const { database } = bench;
  await database.query("BEGIN");
  await database.query("SELECT FROM live.log_head FOR UPDATE");
  await bench
    .api("SG")
    .raw("/v1/submissions?tlp=green", wideCsvTable(from, EVENTS), { "content-type": "text/csv" });
  await until(30_000, "the envelope", async () =>
    (await database.query("SELECT FROM live.unsequenced")).rowCount === 1 ? true : undefined,
  );
  const all = readers.ask<{ at: number }>({ ask: "expect", group, events: EVENTS });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const started = now();
  await database.query("COMMIT");
  return (await all).at - started;
}

async function playNaive(naive: Child, readers: Child, group: number, text: string): Promise<number> {
  const all = readers.ask<{ at: number }>({ ask: "expect", group, events: EVENTS });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const { at } = await naive.ask<{ at: number }>({ ask: "broadcast", text, times: EVENTS });
  return (await all).at - at;
}
