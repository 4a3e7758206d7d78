import { WebSocket } from "ws";
import type { BenchPlatform } from "./bench-platform.ts";
import type { Result } from "./results.ts";
import { now, percentile, spreadOf } from "./statistics.ts";

const A_SECOND = 50;
const ROUND_SECONDS = 5;
const FIRST_ROUND = 0;
const ROUNDS = 4;
const LATE_MS = 20_000;

/**
 * From the moment a report was to be submitted to its arrival at a WebSocket reader. Reports leave by the clock,
 * whatever became of those before: a slow answer delays nothing and hides nothing. The first round meets code and
 * connections that nothing has used yet, so it has a row of its own.
 */
export async function measureLatency(bench: BenchPlatform, label: string, aimMs: number): Promise<Result[]> {
  const commits = await commitTimes(bench);
  const watcher = await watch(bench);
  const fresh = (await playRound(bench, watcher, FIRST_ROUND)).sort((a, b) => a - b);
  const all: number[] = [];
  const medians: number[] = [];
  const tails: number[] = [];
  for (let round = FIRST_ROUND + 1; round <= ROUNDS; round++) {
    const times = (await playRound(bench, watcher, round)).sort((a, b) => a - b);
    all.push(...times);
    medians.push(percentile(times, 0.5));
    tails.push(percentile(times, 0.99));
  }
  watcher.close();
  all.sort((a, b) => a - b);
  const name = `latency at ${A_SECOND} reports a second, ${label}`;
  return [
    { name: `${name}: p50`, unit: "ms", ...spreadOf(medians), median: percentile(all, 0.5) },
    {
      name: `${name}: p99`,
      unit: "ms",
      aim: { atMost: aimMs },
      ...spreadOf(tails),
      median: percentile(all, 0.99),
      detail: { reports: all.length, worst: all.at(-1) },
    },
    {
      name: `the same, the first ${ROUND_SECONDS} seconds of a process: p99`,
      unit: "ms",
      ...spreadOf([percentile(fresh, 0.99)]),
    },
    { name: "one durable commit of that database", unit: "ms", ...spreadOf(commits) },
  ];
}

const COMMITS = 100;

/** What the disk gives: the yardstick of everything that waits for it. */
async function commitTimes({ database }: BenchPlatform): Promise<number[]> {
  await database.query("CREATE SCHEMA IF NOT EXISTS bench; CREATE TABLE bench.commits (n integer)");
  const times: number[] = [];
  for (let n = 0; n < COMMITS; n++) {
    const started = now();
    await database.query("INSERT INTO bench.commits VALUES (1)");
    times.push(now() - started);
  }
  return times;
}

type Watcher = { arrivals: Map<number, number>; close(): void };

/** Notes when the report of each number arrived. */
async function watch(bench: BenchPlatform): Promise<Watcher> {
  const arrivals = new Map<number, number>();
  const headers = { authorization: `Bearer ${bench.process.key("MY", "subscriber")}` };
  const socket = new WebSocket(`${bench.process.url.replace("http", "ws")}/v1/live`, "suar.v1", { headers });
  socket.on("open", () => socket.send(JSON.stringify({ op: "subscribe", after: "latest" })));
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.on("message", (data: Buffer) => {
      const text = data.toString("utf8");
      if (text.startsWith('{"op":"caught-up"')) resolve();
      const number = /report-(\d+)\.example/.exec(text)?.[1];
      if (number !== undefined && !arrivals.has(Number(number))) arrivals.set(Number(number), now());
    });
  });
  return { arrivals, close: () => socket.terminate() };
}

async function playRound(bench: BenchPlatform, { arrivals }: Watcher, round: number): Promise<number[]> {
  const api = bench.api("SG");
  const count = A_SECOND * ROUND_SECONDS;
  const from = round * count + Math.floor(Math.random() * 1e6) * 10_000;
  const begin = now();
  const dueAt = (index: number): number => begin + (index * 1000) / A_SECOND;
  const sent: Promise<void>[] = [];
  let failure: unknown;
  for (let index = 0; index < count; index++) {
    const wait = dueAt(index) - now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (failure !== undefined) throw failure;
    sent.push(
      submit(api, from + index).catch((error: unknown) => {
        failure ??= error;
      }),
    );
  }
  await Promise.all(sent);
  if (failure !== undefined) throw failure;
  const end = now() + LATE_MS;
  while (count > arrived(arrivals, from, count).length) {
    if (now() > end) throw new Error(`${arrived(arrivals, from, count).length} of ${count} reports arrived`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return Array.from(
    { length: count },
    (_, index) => (arrivals.get(from + index) ?? Number.NaN) - dueAt(index),
  );
}

function arrived(arrivals: ReadonlyMap<number, number>, from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index).filter((number) => arrivals.has(number));
}

/** Free text and STIX in turns, each with one indicator. */
async function submit(api: ReturnType<BenchPlatform["api"]>, number: number): Promise<void> {
  const answer =
    number % 2 === 0
      ? await api.raw("/v1/submissions?tlp=green", `Seen today: hxxp://report-${number}[.]example/login`, {
          "content-type": "text/plain",
        })
      : await api.raw("/v1/submissions?tlp=green&format=stix", JSON.stringify(bundle(number)), {
          "content-type": "application/json",
        });
  if (answer.status !== 202) throw new Error(`not accepted: ${answer.status} ${answer.text}`);
}

function bundle(number: number): object {
  const id = `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
  const at = "2026-03-01T00:00:00.000Z";
  const indicator = {
    type: "indicator",
    spec_version: "2.1",
    id: `indicator--${id}`,
    created: at,
    modified: at,
    name: `Report ${number}`,
    pattern: `[domain-name:value = 'report-${number}.example']`,
    pattern_type: "stix",
    valid_from: at,
  };
  return { type: "bundle", id: `bundle--${id}`, objects: [indicator] };
}
