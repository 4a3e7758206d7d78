import type { BenchPlatform } from "./bench-platform.ts";
import { copyIn, copyOut } from "./copy.ts";
import { csvTable } from "./inputs.ts";
import type { Result } from "./results.ts";
import { now, spreadOf } from "./statistics.ts";

/** Indicators in a submission, submissions in a round, submissions under way at a time. */
const LINES = 10_000;
const SUBMISSIONS = 4;
const AT_ONCE = 4;
const ROUND = LINES * SUBMISSIONS;
const SIZES = [40_000, 120_000, 280_000];
const ROUND_WITHIN_MS = 120_000;

type Cost = { ms: number; cpuMs: number };
type Round = { before: number; suar: Cost; platformCpuMs: number; plain: Cost; like: Cost };

/**
 * Indicators from the first byte sent to the last entry in the log, against COPY of what came of them: into one
 * plain table, and into tables like Suar's own. Rounds alternate, in one database that grows; the first, in
 * which the platform's code is still being compiled, is told apart.
 */
export async function measureIngest(bench: BenchPlatform): Promise<Result[]> {
  await makeTables(bench);
  const cold = await playRound(bench, 0);
  const rounds: Round[] = [];
  const largest = SIZES.at(-1) ?? 0;
  while ((rounds.at(-1)?.before ?? 0) < largest)
    rounds.push(await playRound(bench, (rounds.length + 1) * ROUND));
  const ratio = (of: (round: Round) => number) => spreadOf(rounds.map(of));
  return [
    {
      name: "ingest: indicators a second",
      unit: "/s",
      ...ratio(({ suar }) => (ROUND / suar.ms) * 1000),
      detail: { rounds },
    },
    {
      name: `the first ${ROUND.toLocaleString("en-US")} after the start`,
      unit: "/s",
      ...spreadOf([(ROUND / cold.suar.ms) * 1000]),
    },
    {
      name: "ingest ÷ COPY of the same JSON into one table",
      unit: "",
      aim: { atLeast: 0.12 },
      ...ratio(({ plain, suar }) => plain.ms / suar.ms),
    },
    { name: "the same by processor time", unit: "", ...ratio(({ plain, suar }) => plain.cpuMs / suar.cpuMs) },
    {
      name: "ingest ÷ COPY of the same rows into Suar's own tables",
      unit: "",
      ...ratio(({ like, suar }) => like.ms / suar.ms),
    },
    { name: "the same by processor time", unit: "", ...ratio(({ like, suar }) => like.cpuMs / suar.cpuMs) },
    { name: "processor time an indicator", unit: "µs", ...ratio(({ suar }) => (suar.cpuMs / ROUND) * 1000) },
    {
      name: "of it in the platform's process",
      unit: "µs",
      ...ratio(({ platformCpuMs }) => (platformCpuMs / ROUND) * 1000),
    },
    {
      name: "checkpoint lag, of the oldest entry of each",
      unit: "s",
      aim: { atMost: 10 },
      ...spreadOf(await checkpointLags(bench)),
    },
    ...growth(rounds),
  ];
}

/** From an entry's time to its checkpoint's, of the first entry that each checkpoint covers. */
export async function checkpointLags({ database }: BenchPlatform): Promise<number[]> {
  const { rows } = await database.query<{ lag: number }>(
    `SELECT extract(epoch FROM c.signed_at - l.logged_at)::double precision AS lag
       FROM (SELECT signed_at, coalesce(lag(size) OVER (ORDER BY size), 0) AS before FROM live.checkpoint) c
       JOIN live.log l ON l.seq = c.before + 1`,
  );
  return rows.map(({ lag }) => lag);
}

async function playRound(bench: BenchPlatform, first: number): Promise<Round> {
  const before = await bench.head();
  const tables = Array.from({ length: SUBMISSIONS }, (_, index) => csvTable(first + index * LINES, LINES));
  const idle = bench.processorSeconds();
  const suar = await costOf(bench, async () => {
    await submitAll(bench, tables);
    await bench.waitForHead(before + ROUND, ROUND_WITHIN_MS);
  });
  const platformCpuMs = (bench.processorSeconds().platform - idle.platform) * 1000;
  return {
    before,
    suar,
    platformCpuMs,
    plain: await copyPlain(bench, before),
    like: await copyLike(bench, before),
  };
}

async function costOf(bench: BenchPlatform, work: () => Promise<void>): Promise<Cost> {
  const before = bench.processorSeconds();
  const started = now();
  await work();
  const ms = now() - started;
  const after = bench.processorSeconds();
  return { ms, cpuMs: (after.platform + after.database - before.platform - before.database) * 1000 };
}

async function submitAll(bench: BenchPlatform, tables: readonly string[]): Promise<void> {
  const api = bench.api("SG");
  const waiting = [...tables];
  const send = async (): Promise<void> => {
    for (let table = waiting.shift(); table !== undefined; table = waiting.shift()) {
      const answer = await api.raw("/v1/submissions?tlp=green", table, { "content-type": "text/csv" });
      if (answer.status !== 202) throw new Error(`not accepted: ${answer.status} ${answer.text}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
}

const LIKE = ["object_version", "rendition", "observable", "log"] as const;

async function makeTables({ database }: BenchPlatform): Promise<void> {
  await database.query(`
    CREATE SCHEMA bench;
    CREATE TABLE bench.plain (
      id text NOT NULL, producer integer NOT NULL, version text NOT NULL, key text, body text NOT NULL,
      PRIMARY KEY (id, producer, version));
    CREATE INDEX plain_key ON bench.plain (key);
    ${LIKE.map((table) => `CREATE TABLE bench.${table} (LIKE live.${table} INCLUDING ALL);`).join("\n")}`);
}

const RELEASED = (before: number) => `SELECT rendition_id FROM live.log WHERE seq > ${before}`;

async function copyPlain(bench: BenchPlatform, before: number): Promise<Cost> {
  const { database } = bench;
  const rows = await copyOut(
    database,
    `COPY (SELECT v.stix_id, v.producer, v.version, o.key, r.body
             FROM live.object_version v JOIN live.rendition r ON r.id = v.rendition_id
             LEFT JOIN LATERAL (SELECT key FROM live.observable WHERE rendition_id = r.id LIMIT 1) o ON true
            WHERE r.id IN (${RELEASED(before)})) TO STDOUT`,
  );
  return await costOf(bench, async () => {
    await copyIn(database, "COPY bench.plain (id, producer, version, key, body) FROM STDIN", rows);
  });
}

async function copyLike(bench: BenchPlatform, before: number): Promise<Cost> {
  const { database } = bench;
  const rows = new Map<string, Buffer>();
  for (const table of LIKE) {
    const id = table === "rendition" ? "id" : "rendition_id";
    const sql = `COPY (SELECT * FROM live.${table} WHERE ${id} IN (${RELEASED(before)})) TO STDOUT`;
    rows.set(table, await copyOut(database, sql));
  }
  return await costOf(bench, async () => {
    for (const [table, text] of rows) await copyIn(database, `COPY bench.${table} FROM STDIN`, text);
  });
}

/** What a round cost with so many entries in the log before it. */
function growth(rounds: readonly Round[]): Result[] {
  return SIZES.flatMap((size) => {
    const round = rounds.find(({ before }) => before >= size);
    if (round === undefined) return [];
    return [
      {
        name: `ingest with ${round.before.toLocaleString("en-US")} indicators there already`,
        unit: "/s",
        ...spreadOf([(ROUND / round.suar.ms) * 1000]),
      },
    ];
  });
}
