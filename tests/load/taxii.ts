import type { BenchPlatform } from "./bench-platform.ts";
import { csvTable } from "./inputs.ts";
import type { Result } from "./results.ts";
import { now, spreadOf } from "./statistics.ts";

const OBJECTS = 100_000;
const A_SUBMISSION = 25_000;
const WITHIN_MS = 300_000;
const ROUNDS = 3;
const PAGES = [5_000, 1_000] as const;
const SMALL_PAGE = 500;
const EDGE_ROUNDS = 15;
const COLLECTION = "/taxii2/live/collections/producer-sg/objects/";
const MIB = 1024 * 1024;

/**
 * A collection of 100,000 objects read from its first page to its last by one client, against the same bodies put
 * together by the database in one statement and sent to one client. References are a handful beside them.
 */
export async function measureTaxii(bench: BenchPlatform): Promise<Result[]> {
  await fill(bench);
  await readAll(bench, PAGES[0]); // code and caches
  const joined: number[] = [];
  const read = new Map<number, number[]>(PAGES.map((limit) => [limit, []]));
  const memory = new Map<number, number[]>(PAGES.map((limit) => [limit, []]));
  for (let round = 0; round < ROUNDS; round++) {
    joined.push(await joinAll(bench));
    for (const limit of PAGES) {
      const { ms, mostBytes } = await readAll(bench, limit);
      read.get(limit)?.push(ms);
      memory.get(limit)?.push(mostBytes / MIB);
    }
  }
  const edges = await edgePages(bench);
  return [
    { name: "one string_agg of the bodies: objects a second", unit: "/s", ...spreadOf(joined.map(aSecond)) },
    ...PAGES.flatMap((limit): Result[] => {
      const times = read.get(limit) ?? [];
      const pages = `TAXII, ${limit.toLocaleString("en-US")} a page`;
      return [
        { name: `${pages}: objects a second`, unit: "/s", ...spreadOf(times.map(aSecond)) },
        {
          name: `${pages} ÷ string_agg`,
          unit: "",
          ...spreadOf(times.map((ms, round) => (joined[round] ?? Number.NaN) / ms)),
        },
        { name: `${pages}: most memory`, unit: "MiB", ...spreadOf(memory.get(limit) ?? []) },
      ];
    }),
    {
      name: `last page of ${SMALL_PAGE} ÷ first page`,
      unit: "",
      ...spreadOf(edges.map(({ first, last }) => last / first)),
      detail: { edges },
    },
  ];
}

function aSecond(ms: number): number {
  return (OBJECTS / ms) * 1000;
}

async function fill(bench: BenchPlatform): Promise<void> {
  const before = await bench.head();
  for (let from = 0; from < OBJECTS; from += A_SUBMISSION) {
    const answer = await bench
      .api("SG")
      .raw("/v1/submissions?tlp=green", csvTable(from, A_SUBMISSION), { "content-type": "text/csv" });
    if (answer.status !== 202) throw new Error(`not accepted: ${answer.status} ${answer.text}`);
  }
  await bench.waitForHead(before + OBJECTS, WITHIN_MS);
  await bench.database.query("VACUUM ANALYZE live.log, live.rendition");
}

/** Milliseconds of one statement, to the last byte at its client. */
async function joinAll({ database }: BenchPlatform): Promise<number> {
  const started = now();
  const { rows } = await database.query<{ all: string }>(
    `SELECT string_agg(r.body, ',' ORDER BY l.seq) AS all FROM live.log l JOIN live.rendition r ON r.id = l.rendition_id`,
  );
  const ms = now() - started;
  if ((rows[0]?.all.length ?? 0) < OBJECTS * 100) throw new Error("there is too little to join");
  return ms;
}

async function readAll(bench: BenchPlatform, limit: number): Promise<{ ms: number; mostBytes: number }> {
  let [objects, mostBytes] = [0, 0];
  const started = now();
  for (let next: string | undefined = ""; next !== undefined; ) {
    const page = await readPage(bench, limit, next);
    objects += page.objects;
    next = page.next;
    mostBytes = Math.max(mostBytes, bench.residentBytes());
  }
  const ms = now() - started;
  if (objects < OBJECTS) throw new Error(`${objects} of ${OBJECTS} objects were there`);
  return { ms, mostBytes };
}

/** As bytes: parsing a page would be the client's cost. */
async function readPage(
  { process }: BenchPlatform,
  limit: number,
  next: string,
): Promise<{ objects: number; next: string | undefined }> {
  const headers = {
    authorization: `Bearer ${process.key("MY", "subscriber")}`,
    accept: "application/taxii+json;version=2.1",
  };
  const query = `?limit=${limit}${next === "" ? "" : `&next=${encodeURIComponent(next)}`}`;
  const response = await fetch(`${process.url}${COLLECTION}${query}`, { headers });
  const bytes = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200) throw new Error(`${response.status} ${bytes.toString("utf8")}`);
  const objects = count(bytes, '"spec_version"');
  const rest = bytes.subarray(0, 300).toString("utf8") + bytes.subarray(-300).toString("utf8");
  return { objects, next: /"next":"([^"]+)"/.exec(rest)?.[1] };
}

function count(bytes: Buffer, word: string): number {
  let found = 0;
  for (let at = bytes.indexOf(word); at >= 0; at = bytes.indexOf(word, at + word.length)) found += 1;
  return found;
}

/** Milliseconds of the first page and of the last full one, in turns. */
async function edgePages(bench: BenchPlatform): Promise<{ first: number; last: number }[]> {
  const starts: string[] = [];
  for (let next: string | undefined = ""; next !== undefined; ) {
    starts.push(next);
    next = (await readPage(bench, SMALL_PAGE, next)).next;
  }
  const lastFull = starts.at(-2) ?? "";
  const timed = async (start: string): Promise<number> => {
    const started = now();
    await readPage(bench, SMALL_PAGE, start);
    return now() - started;
  };
  const edges: { first: number; last: number }[] = [];
  for (let round = 0; round < EDGE_ROUNDS; round++)
    edges.push({ first: await timed(""), last: await timed(lastFull) });
  return edges;
}
