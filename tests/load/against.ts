import { type BenchPlatform, startBenchPlatform } from "./bench-platform.ts";
import { checkpointLags } from "./ingest.ts";
import { csvTable } from "./inputs.ts";
import type { Result } from "./results.ts";
import { now, spreadOf } from "./statistics.ts";

/** Indicators in a submission, submissions at a time: one round of one tree. */
const LINES = 5_000;
const SUBMISSIONS = 4;
const ROUND = LINES * SUBMISSIONS;
/** The first round of each, while code is still being compiled, is not told of. */
const ROUNDS = 5;
const ROUND_WITHIN_MS = 120_000;

type Cost = { wall: number; platform: number; database: number };

/**
 * The same indicators, ingested by this tree and by another one: what each costs here as a share of what it costs there.
 * The trees take turns, and so does who begins, so that what neighbours do meets both.
 */
export async function measureAgainst(here: BenchPlatform, sources: string): Promise<Result[]> {
  const there = await startBenchPlatform({ sources });
  try {
    const rounds: { here: Cost; there: Cost }[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const first = round * ROUND;
      const isFirst = round % 2 === 0;
      const before = isFirst ? await ingest(here, first) : undefined;
      const other = await ingest(there, first);
      const own = before ?? (await ingest(here, first));
      if (round > 0) rounds.push({ here: own, there: other });
    }
    const lag = spreadOf(await checkpointLags(here));
    return [
      ...resultsOf(rounds),
      { name: "checkpoint lag here, of the oldest entry of each", unit: "s", aim: { atMost: 10 }, ...lag },
    ];
  } finally {
    await there.close();
  }
}

function resultsOf(rounds: readonly { here: Cost; there: Cost }[]): Result[] {
  const share = (of: (cost: Cost) => number) =>
    spreadOf(rounds.map(({ here, there }) => of(here) / of(there)));
  const micros = (of: (cost: Cost) => number, side: "here" | "there") =>
    spreadOf(rounds.map((round) => of(round[side])));
  const processor = ({ platform, database }: Cost) => platform + database;
  const aim = { atMost: 1.25 };
  return [
    { name: "ingest ÷ that of the other tree, by time", unit: "", aim, ...share(({ wall }) => wall) },
    { name: "the same by processor time", unit: "", aim, ...share(processor), detail: { rounds } },
    { name: "of it in the platform's process", unit: "", ...share(({ platform }) => platform) },
    { name: "of it in PostgreSQL", unit: "", ...share(({ database }) => database) },
    { name: "processor time an indicator, here", unit: "µs", ...micros(processor, "here") },
    { name: "processor time an indicator, there", unit: "µs", ...micros(processor, "there") },
  ];
}

/** Microseconds an indicator. */
async function ingest(bench: BenchPlatform, first: number): Promise<Cost> {
  const tables = Array.from({ length: SUBMISSIONS }, (_, n) => csvTable(first + n * LINES, LINES));
  const head = (await bench.head()) + ROUND;
  const before = bench.processorSeconds();
  const started = now();
  const answers = await Promise.all(
    tables.map((table) =>
      bench.api("SG").raw("/v1/submissions?tlp=green", table, { "content-type": "text/csv" }),
    ),
  );
  const refused = answers.find(({ status }) => status !== 202);
  if (refused !== undefined) throw new Error(`not accepted: ${refused.status} ${refused.text}`);
  await bench.waitForHead(head, ROUND_WITHIN_MS);
  const wall = ((now() - started) * 1_000) / ROUND;
  const after = bench.processorSeconds();
  const micros = (seconds: number): number => (seconds * 1e6) / ROUND;
  return {
    wall,
    platform: micros(after.platform - before.platform),
    database: micros(after.database - before.database),
  };
}
