import { PolicyDiffLine } from "@suar/contract";
import { submitAndWait } from "../support/api.ts";
import type { BenchPlatform } from "./bench-platform.ts";
import { csvTable } from "./inputs.ts";
import type { Result } from "./results.ts";
import { now, spreadOf } from "./statistics.ts";

const MEBIBYTE = 1024 * 1024;
const FEW = 2_000;
const MANY = 50_000;
const A_FILE = 6_000;
const ROUNDS = 3;
const SAMPLE_MS = 20;

/**
 * What a policy would have changed, over few objects and over many: at which rate, and how far memory goes up meanwhile.
 * Beside it the bare work of reading as many bodies and parsing them, by the same database and on the same processor.
 */
export async function measurePolicyDiff(bench: BenchPlatform): Promise<Result[]> {
  const few = await measured(bench, FEW);
  const many = await measured(bench, MANY);
  const extra = median(many.extra) - median(few.extra);
  return [
    { name: `versions that a policy diff decides, of ${FEW}`, unit: "/s", ...spreadOf(few.rates) },
    { name: `versions that a policy diff decides, of ${MANY}`, unit: "/s", ...spreadOf(many.rates) },
    { name: "  its time to that of reading and parsing their bodies", unit: "×", ...spreadOf(many.ratios) },
    {
      name: `extra memory of a diff of ${MANY}, beyond one of ${FEW}`,
      unit: "MiB",
      aim: { atMost: 64 },
      ...spreadOf([extra]),
      detail: { few: few.extra, many: many.extra },
    },
  ];
}

type Measured = { rates: number[]; ratios: number[]; extra: number[] };

async function measured(bench: BenchPlatform, versions: number): Promise<Measured> {
  await fill(bench, versions);
  await diff(bench); // warms code and connections up, and takes what ingest left
  const told: Measured = { rates: [], ratios: [], extra: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const before = bench.residentBytes();
    let peak = before;
    const sampling = setInterval(() => {
      peak = Math.max(peak, bench.residentBytes());
    }, SAMPLE_MS);
    const started = now();
    const decided = await diff(bench);
    const ms = now() - started;
    clearInterval(sampling);
    told.rates.push((decided / ms) * 1_000);
    told.extra.push((peak - before) / MEBIBYTE);
    told.ratios.push(ms / (await bareMs(bench)));
  }
  return told;
}

let filled = 0;

async function fill(bench: BenchPlatform, versions: number): Promise<void> {
  while (filled < versions) {
    const count = Math.min(A_FILE, versions - filled);
    const before = await bench.head();
    const { body } = await submitAndWait(bench.api("SG"), "?tlp=green", csvTable(filled, count), "text/csv");
    await bench.waitForHead(before + body.counts.accepted, 60_000);
    filled += count;
  }
}

/** How many versions were decided twice. */
async function diff(bench: BenchPlatform): Promise<number> {
  const officer = bench.api("SG", "officer");
  const { policy } = (await officer.get("/v1/policies/SG-MY")).body;
  const next = { ...policy, version: policy.version + 1, allow: ["ttp"] };
  const { status, text } = await officer.post("/v1/policies/SG-MY/diff", { policy: next });
  if (status !== 200) throw new Error(`${status} ${text}`);
  const last = PolicyDiffLine.parse(JSON.parse(text.trimEnd().split("\n").at(-1) ?? ""));
  if (last.line !== "diff") throw new Error(text.slice(-1_000));
  if (last.diff.decisions === last.diff.unchanged) throw new Error("it changes nothing");
  return last.diff.versions;
}

async function bareMs({ database }: BenchPlatform): Promise<number> {
  const started = now();
  for (let from = 0; ; ) {
    const { rows } = await database.query<{ id: string; body: string }>(
      "SELECT id, body FROM live.rendition WHERE id > $1 AND copy_of IS NULL ORDER BY id LIMIT 200",
      [from],
    );
    for (const { body } of rows) JSON.parse(body);
    const last = rows.at(-1);
    if (last === undefined) return now() - started;
    from = Number(last.id);
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
