import { writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { hasRedis, startRedis } from "../support/redis-server.ts";
import { measureAgainst } from "./against.ts";
import { type BenchPlatform, type BenchPlatformOptions, startBenchPlatform } from "./bench-platform.ts";
import { measureDecisions } from "./decisions.ts";
import { measureFanOut } from "./fan-out.ts";
import { measureIngest } from "./ingest.ts";
import { measureLatency } from "./latency.ts";
import { measureLongExports, measureLongReaders, measureLongSubmissions } from "./long.ts";
import { measureMemory, measureMillion } from "./memory.ts";
import { measureNotFound } from "./not-found.ts";
import { measurePersonal } from "./personal.ts";
import { measurePolicyDiff } from "./policy-diff.ts";
import { measureProofs } from "./proofs.ts";
import { measureRenditions } from "./renditions.ts";
import { type Result, tableHead, tableRow } from "./results.ts";
import { measureStix } from "./stix.ts";
import { measureStoredProofs } from "./stored-proofs.ts";
import { measureTaxii } from "./taxii.ts";
import { measureWebhooks } from "./webhooks.ts";

/**
 * `npm run bench`: what Suar costs, as ratios to the plainest thing that could do the same, measured in one run
 * on one machine. Each measure has a platform of its own, so that none leaves its data to the next.
 */
const { values: options } = parseArgs({
  options: {
    only: { type: "string", short: "o", multiple: true },
    million: { type: "boolean", default: false },
    "cpu-profile": { type: "string" },
    against: { type: "string" },
    megabytes: { type: "string" },
  },
});
/** Sizes of long inputs, from the shortest on. */
const sizes = options.megabytes?.split(",").map(Number);

const EMBEDDED_P99_MS = 500;
const DISTRIBUTED_P99_MS = 250;

type Measure = { name: string; unasked: boolean; run(): Promise<Result[]> };

const measures: Measure[] = [
  { name: "memory", unasked: true, run: () => onPlatform(measureMemory) },
  { name: "ingest", unasked: true, run: () => onPlatform(measureIngest) },
  { name: "renditions", unasked: true, run: () => onPlatform(measureRenditions) },
  { name: "fan-out", unasked: true, run: () => onPlatform(measureFanOut) },
  { name: "webhooks", unasked: true, run: () => onPlatform(measureWebhooks) },
  {
    name: "latency",
    unasked: true,
    run: () => onPlatform((bench) => measureLatency(bench, "embedded", EMBEDDED_P99_MS)),
  },
  { name: "latency-redis", unasked: hasRedis(), run: measureWithRedis },
  { name: "stix", unasked: true, run: measureStix },
  { name: "decisions", unasked: true, run: measureDecisions },
  { name: "proofs", unasked: true, run: measureProofs },
  { name: "stored-proofs", unasked: true, run: () => onPlatform(measureStoredProofs) },
  { name: "personal", unasked: true, run: measurePersonal },
  { name: "taxii", unasked: true, run: () => onPlatform(measureTaxii) },
  { name: "policy-diff", unasked: true, run: () => onPlatform(measurePolicyDiff) },
  { name: "not-found", unasked: true, run: () => onPlatform(measureNotFound) },
  { name: "against", unasked: false, run: measureAgainstOther },
  { name: "long-readers", unasked: false, run: () => measureLongReaders(sizes ?? [50, 500]) },
  { name: "long-exports", unasked: false, run: () => measureLongExports(sizes ?? [50, 500]) },
  {
    name: "long-submissions",
    unasked: false,
    run: () => onPlatform((bench) => measureLongSubmissions(bench, sizes ?? [10, 100, 500])),
  },
  { name: "million", unasked: options.million, run: () => onPlatform(measureMillion) },
];

const wanted = measures.filter(({ name, unasked }) => options.only?.includes(name) ?? unasked);
const results: Result[] = [];
const loadBefore = loadavg();
if ((loadBefore[0] ?? 0) > cpus().length / 2) {
  say(
    `other work is running here (load ${loadBefore[0]?.toFixed(1)} on ${cpus().length} cores): trust ratios more than rates, and neither much\n`,
  );
}
say(tableHead());
for (const measure of wanted) {
  for (const result of await measure.run()) {
    results.push(result);
    say(tableRow(result));
  }
}
say(`\nwritten to ${writeJson(results)}`);

async function onPlatform(
  measure: (bench: BenchPlatform) => Promise<Result[]>,
  more: BenchPlatformOptions = {},
): Promise<Result[]> {
  const bench = await startBenchPlatform({ cpuProfile: options["cpu-profile"], ...more });
  try {
    return await measure(bench);
  } catch (error) {
    process.stderr.write(bench.process.log().slice(-4_000));
    throw error;
  } finally {
    await bench.close();
  }
}

async function measureAgainstOther(): Promise<Result[]> {
  const { against } = options;
  if (against === undefined)
    throw new Error("--against PATH: a checkout of another version, with its dependencies");
  return await onPlatform((bench) => measureAgainst(bench, against));
}

async function measureWithRedis(): Promise<Result[]> {
  const redis = await startRedis();
  try {
    return await onPlatform(
      (bench) => measureLatency(bench, "queue and signals on Redis", DISTRIBUTED_P99_MS),
      { env: { REDIS_URL: redis.url } },
    );
  } finally {
    await redis.stop();
  }
}

function writeJson(measured: readonly Result[]): string {
  const at = new Date().toISOString();
  const path = join(
    fileURLToPath(new URL("../../", import.meta.url)),
    `bench-${at.slice(0, 16).replaceAll(":", "")}.json`,
  );
  const machine = {
    cores: cpus().length,
    cpu: cpus()[0]?.model,
    memory: totalmem(),
    load: loadavg(),
    node: process.version,
  };
  writeFileSync(path, `${JSON.stringify({ at, machine, results: measured }, undefined, 2)}\n`);
  return path;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
