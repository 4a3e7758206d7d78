import { Readable } from "node:stream";
import { waitForSubmission } from "../support/api.ts";
import type { BenchPlatform } from "./bench-platform.ts";
import { startChild } from "./child.ts";
import { openSuarReaders, READERS } from "./fan-out.ts";
import { CSV_HEADER, csvLine } from "./inputs.ts";
import type { Result } from "./results.ts";
import { now, spreadOf } from "./statistics.ts";

const MEBIBYTE = 1024 * 1024;
const SETTLE_MS = 3_000;

/** Resident memory of the platform's process: idle, and with a thousand readers. */
export async function measureMemory(bench: BenchPlatform): Promise<Result[]> {
  await rest();
  const idle = bench.residentBytes() / MEBIBYTE;
  const readers = startChild("fan-out-readers");
  try {
    await openSuarReaders(bench, readers);
    await rest();
    const loaded = bench.residentBytes() / MEBIBYTE;
    return [
      { name: "resident memory, idle", unit: "MiB", ...spreadOf([idle]) },
      {
        name: `resident memory with ${READERS} readers`,
        unit: "MiB",
        ...spreadOf([loaded]),
        detail: { kibibytesAReader: ((loaded - idle) * 1024) / READERS },
      },
    ];
  } finally {
    readers.stop();
  }
}

const LINES = 1_000_000;
const LINES_A_CHUNK = 1_000;
const SAMPLE_MS = 100;
const MILLION_WITHIN_MS = 30 * 60_000;

/** A million lines in one submission: how far memory goes up from where it stood. */
export async function measureMillion(bench: BenchPlatform): Promise<Result[]> {
  await rest();
  const idle = bench.residentBytes();
  let peak = idle;
  const sampling = setInterval(() => {
    peak = Math.max(peak, bench.residentBytes());
  }, SAMPLE_MS);
  const before = await bench.head();
  const started = now();
  const id = await upload(bench);
  const uploadedMs = now() - started;
  const { body } = await waitForSubmission(bench.api("SG"), id, MILLION_WITHIN_MS);
  await bench.waitForHead(before + body.counts.accepted, MILLION_WITHIN_MS);
  const ms = now() - started;
  clearInterval(sampling);
  if (body.status !== "done") throw new Error(`the million lines failed: ${JSON.stringify(body.problem)}`);
  return [
    {
      name: "extra memory while 1,000,000 CSV lines stream through",
      unit: "MiB",
      aim: { atMost: 300 },
      ...spreadOf([(peak - idle) / MEBIBYTE]),
      detail: { idle, peak, counts: body.counts, uploadedMs, ms },
    },
    {
      name: "ingest of 1,000,000 CSV lines in one submission",
      unit: "/s",
      ...spreadOf([(LINES / ms) * 1000]),
    },
  ];
}

async function upload(bench: BenchPlatform): Promise<string> {
  const response = await fetch(`${bench.process.url}/v1/submissions?tlp=green`, {
    method: "POST",
    headers: { authorization: `Bearer ${bench.process.key("SG", "analyst")}`, "content-type": "text/csv" },
    body: Readable.toWeb(Readable.from(lines())) as unknown as ReadableStream,
    duplex: "half",
  } as RequestInit);
  const text = await response.text();
  if (response.status !== 202) throw new Error(`not accepted: ${response.status} ${text}`);
  return (JSON.parse(text) as { id: string }).id;
}

function* lines(): Generator<Buffer> {
  yield Buffer.from(CSV_HEADER);
  for (let from = 0; from < LINES; from += LINES_A_CHUNK) {
    yield Buffer.from(
      Array.from({ length: LINES_A_CHUNK }, (_, index) => csvLine(100_000_000 + from + index)).join(""),
    );
  }
}

async function rest(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}
