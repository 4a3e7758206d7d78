import { execFile } from "node:child_process";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { LONG } from "../../packages/formats/src/testing/long-inputs.ts";
import { waitForSubmission } from "../support/api.ts";
import type { BenchPlatform } from "./bench-platform.ts";
import type { Result } from "./results.ts";
import { now, spreadOf } from "./statistics.ts";

const MEBIBYTE = 1024 * 1024;
const TESTING = fileURLToPath(new URL("../../packages/formats/src/testing/", import.meta.url));
const SMALL_HEAP = ["--max-old-space-size=96", "--max-semi-space-size=8"];
const EXPORTS = ["stix", "csv", "list-domain", "rpz", "suricata"];
const run = promisify(execFile);

/** Resident memory of each streaming reader, by itself, at the longest size against that at the shortest. */
export async function measureLongReaders(sizes: readonly number[]): Promise<Result[]> {
  return await measureAlone("read", "read-long.ts", Object.keys(LONG), sizes);
}

/** The same of writers. */
export async function measureLongExports(sizes: readonly number[]): Promise<Result[]> {
  return await measureAlone("written", "write-long.ts", EXPORTS, sizes);
}

async function measureAlone(
  done: string,
  script: string,
  formats: readonly string[],
  sizes: readonly number[],
): Promise<Result[]> {
  const results: Result[] = [];
  const [shortest = 50, longest = 500] = [sizes[0], sizes.at(-1)];
  for (const format of formats) {
    const [short, long] = [await resident(script, format, shortest), await resident(script, format, longest)];
    results.push({
      name: `${format} ${done}: memory at ${longest} MB ÷ at ${shortest} MB`,
      unit: "",
      aim: { atMost: 1.2 },
      ...spreadOf([long / short]),
      detail: { short, long },
    });
  }
  return results;
}

async function resident(script: string, format: string, megabytes: number): Promise<number> {
  const asked = [...SMALL_HEAP, `${TESTING}${script}`, format, String(megabytes)];
  const { stdout } = await run(process.execPath, asked);
  return (JSON.parse(stdout) as { megabytes: number }).megabytes;
}

const SAMPLE_MS = 100;
const WITHIN_MS = 24 * 60 * 60_000;
const SUBMITTED = ["csv", "misp", "shadowserver"];

type Passage = { megabytes: number; extra: number; records: number; microseconds: number };

/** Long submissions through the whole platform: how far its memory goes up, and what a record takes. */
export async function measureLongSubmissions(
  bench: BenchPlatform,
  sizes: readonly number[],
): Promise<Result[]> {
  const results: Result[] = [];
  for (const format of SUBMITTED) {
    // What is compiled and kept the first time is no memory of the input.
    await pass(bench, format, 1);
    const passages: Passage[] = [];
    for (const megabytes of sizes) passages.push(await pass(bench, format, megabytes));
    results.push(...tell(format, passages));
  }
  return results;
}

function tell(format: string, passages: readonly Passage[]): Result[] {
  const [first, last] = [passages[0], passages.at(-1)];
  if (first === undefined || last === undefined) throw new Error("no sizes");
  return [
    ...passages.map(({ megabytes, extra, ...detail }) => ({
      name: `extra memory while ${megabytes} MB of ${format} pass through`,
      unit: "MiB",
      aim: { atMost: 400 },
      ...spreadOf([extra]),
      detail,
    })),
    {
      name: `${format}: time a record at ${last.megabytes} MB ÷ at ${first.megabytes} MB`,
      unit: "",
      aim: { atMost: 1.5 },
      ...spreadOf([last.microseconds / first.microseconds]),
      detail: { passages },
    },
  ];
}

async function pass(bench: BenchPlatform, format: string, megabytes: number): Promise<Passage> {
  const idle = bench.residentBytes();
  let peak = idle;
  const sampling = setInterval(() => {
    peak = Math.max(peak, bench.residentBytes());
  }, SAMPLE_MS);
  try {
    const started = now();
    const id = await upload(bench, format, megabytes);
    const { body } = await waitForSubmission(bench.api("SG"), id, WITHIN_MS);
    if (body.status !== "done") throw new Error(`${format} failed: ${JSON.stringify(body.problem)}`);
    const { records } = body.counts;
    const microseconds = ((now() - started) * 1_000) / records;
    return { megabytes, extra: (peak - idle) / MEBIBYTE, records, microseconds };
  } finally {
    clearInterval(sampling);
  }
}

async function upload(bench: BenchPlatform, format: string, megabytes: number): Promise<string> {
  const input = LONG[format]?.(megabytes * MEBIBYTE);
  if (input === undefined) throw new Error(`no long input of ${format}`);
  const response = await fetch(`${bench.process.url}/v1/submissions?tlp=green&format=${format}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${bench.process.key("SG", "analyst")}`,
      "content-type": "application/octet-stream",
    },
    body: Readable.toWeb(Readable.from(input)) as unknown as ReadableStream,
    duplex: "half",
  } as RequestInit);
  const text = await response.text();
  if (response.status !== 202) throw new Error(`not accepted: ${response.status} ${text}`);
  return (JSON.parse(text) as { id: string }).id;
}
