import { createHash } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  MOST_RELEASED_AT_ONCE,
  type ReleaseContext,
  type ReleaseItem,
  release,
  releaseContext,
} from "@suar/gate";
import { PairPolicy, type PolicySet, pairOf, policiesOf, policySet } from "@suar/policy";
import { channels, transaction } from "@suar/runtime";
import { suarId } from "@suar/stix";
import { type Inside, openInside } from "../support/inside.ts";
import type { BenchPlatform } from "./bench-platform.ts";
import { csvTable } from "./inputs.ts";
import type { Result } from "./results.ts";
import { now, spreadOf, trimmedMean } from "./statistics.ts";

/** Indicators a round and kind; the first round, while code is still being compiled, is not told of. */
const ROUND = 2_000;
const ROUNDS = 24;
const KINDS = [1, 2, 3] as const;
const ROUND_WITHIN_MS = 120_000;

/**
 * What each further rendition costs, as a share of a whole ingest with one. Indicators go to all members: as they are; with
 * somebody's address in the description, which their producer alone keeps; and with one of the members getting a pseudonym in
 * its place. By processor time of this process, which releases, and of the database.
 */
export async function measureRenditions(bench: BenchPlatform): Promise<Result[]> {
  const inside = await openInside(bench.dataDir);
  try {
    const idle = await idleShare(bench);
    const rounds: Round[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const ingest = await costOfIngest(bench, idle, round * ROUND);
      const released: Cost[] = [];
      // Whatever comes first in one round comes last in the next.
      for (const kind of round % 2 === 0 ? KINDS : KINDS.toReversed())
        released[kind - 1] = await costOfRelease(bench, inside, { kind, round, idle });
      if (round > 0) rounds.push({ ingest, released });
    }
    return resultsOf(rounds);
  } finally {
    await inside.close();
  }
}

/**
 * Microseconds an indicator: of processor time, in all, of what PostgreSQL took of it and this process, and of the clock.
 */
type Cost = { all: number; database: number; own: number; wall: number };
type Round = { ingest: Cost; released: Cost[] };

/**
 * Short rounds of all kinds in turn, so that what neighbours do meets all of them. What is told of a further rendition is a
 * trimmed mean of differences beside that of ingests, and least and most of the rounds: a difference has the noise of both.
 */
function resultsOf(rounds: readonly Round[]): Result[] {
  const all = ({ all: micros }: Cost): number => micros;
  const database = (cost: Cost): number => cost.database;
  const own = (cost: Cost): number => cost.own;
  const wall = (cost: Cost): number => cost.wall;
  const ingests = (of: (cost: Cost) => number) => spreadOf(rounds.map(({ ingest }) => of(ingest)));
  const added = (n: number, of: (cost: Cost) => number, beside: (cost: Cost) => number) => {
    const ingest = trimmedMean(rounds.map((round) => beside(round.ingest)));
    const shares = rounds.map(
      ({ released }) => (costAt(released, n, of) - costAt(released, n - 1, of)) / ingest,
    );
    return { ...spreadOf(shares), median: trimmedMean(shares) };
  };
  const aim = { atMost: 0.15 };
  return [
    { name: "a second rendition ÷ ingest with one", unit: "", aim, ...added(1, all, all) },
    { name: "  of it in PostgreSQL", unit: "", ...added(1, database, all) },
    { name: "  of it in the process that releases", unit: "", ...added(1, own, all) },
    { name: "  the same by time", unit: "", ...added(1, wall, wall) },
    { name: "a third rendition ÷ ingest with one", unit: "", aim, ...added(2, all, all) },
    { name: "  of it in PostgreSQL", unit: "", ...added(2, database, all) },
    { name: "  of it in the process that releases", unit: "", ...added(2, own, all) },
    { name: "  the same by time", unit: "", ...added(2, wall, wall) },
    { name: "ingest with one rendition", unit: "µs", ...ingests(all), detail: { rounds } },
    {
      name: "of it the release",
      unit: "µs",
      ...spreadOf(rounds.map(({ released }) => costAt(released, 0, all))),
    },
  ];
}

function costAt(released: readonly Cost[], n: number, of: (cost: Cost) => number): number {
  const cost = released[n];
  if (cost === undefined) throw new Error(`nothing was released with ${n + 1} renditions`);
  return of(cost);
}

const IDLE_MS = 4_000;

/** Seconds of processor time a second in which nobody asks for anything: they are nobody's cost. */
async function idleShare(bench: BenchPlatform): Promise<number> {
  const before = bench.processorSeconds();
  const started = now();
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const after = bench.processorSeconds();
  const used = after.platform + after.database - before.platform - before.database;
  return used / ((now() - started) / 1_000);
}

async function costOfIngest(bench: BenchPlatform, idle: number, first: number): Promise<Cost> {
  const head = (await bench.head()) + ROUND;
  const used = usedSince(bench, idle);
  const answer = await bench
    .api("SG")
    .raw("/v1/submissions?tlp=green", csvTable(first, ROUND), { "content-type": "text/csv" });
  if (answer.status !== 202) throw new Error(`not accepted: ${answer.status} ${answer.text}`);
  await bench.waitForHead(head, ROUND_WITHIN_MS);
  return used();
}

/** What an indicator cost since then, in platform and database, but for what they do anyway. */
function usedSince(bench: BenchPlatform, idle: number): () => Cost {
  const before = bench.processorSeconds();
  const started = now();
  const micros = (seconds: number): number => (seconds * 1e6) / ROUND;
  return () => {
    const seconds = (now() - started) / 1_000;
    const after = bench.processorSeconds();
    const platform = after.platform - before.platform;
    const database = after.database - before.database;
    return {
      all: micros(platform + database - idle * seconds),
      database: micros(database),
      own: 0,
      wall: micros(seconds),
    };
  };
}

async function costOfRelease(
  bench: BenchPlatform,
  { platform, realm }: Inside,
  { kind, round, idle }: { kind: (typeof KINDS)[number]; round: number; idle: number },
): Promise<Cost> {
  const producer = await platform.directory.byCode("SG");
  if (producer === undefined) throw new Error("there is no SG");
  const made = await releaseContext(platform, realm, producer, { submissionId: null, word: "bench" });
  const context = { ...made, policies: kind === 3 ? withPseudonyms(made.policies) : made.policies };
  const by = kind === 1 ? NOBODY : SOMEBODY;
  const items = Array.from({ length: ROUND }, (_, n) => item(context, `${kind}.${round}.${n}`, by));
  const head = (await bench.head()) + ROUND * kind;
  const before = process.cpuUsage();
  const used = usedSince(bench, idle);
  for (let from = 0; from < ROUND; from += MOST_RELEASED_AT_ONCE) {
    const some = items.slice(from, from + MOST_RELEASED_AT_ONCE);
    await transaction(realm.write, async (db) => await release(db, context, some));
    platform.signals.send(channels.release(realm.name));
  }
  await bench.waitForHead(head, ROUND_WITHIN_MS);
  collectGarbage();
  const { user, system } = process.cpuUsage(before);
  const cost = used();
  const own = (user + system) / ROUND;
  return { ...cost, own, all: cost.all + own };
}

setFlagsFromString("--expose-gc");
/** Each kind pays for what it leaves, and none for what another left. */
const collectGarbage = runInNewContext("gc") as () => void;

/** China gets a pseudonym where all others get nothing. */
function withPseudonyms(policies: PolicySet): PolicySet {
  const pair = pairOf(policies, "SG", "CN")?.policy;
  const other = PairPolicy.parse({ ...pair, rules: [] });
  return policySet(
    policiesOf(policies).map(({ policy, standing }) => ({
      policy: policy === pair ? other : policy,
      standing,
    })),
  );
}

/** As long as each other: an address, and none. */
const [SOMEBODY, NOBODY] = ["tan.ah.kow@victim.example.sg", "somebody who is never named "];

function item({ producer, receivedAt }: ReleaseContext, name: string, by: string): ReleaseItem {
  const host = `h${name}.renditions.example`;
  return {
    kind: "released",
    object: {
      type: "indicator",
      spec_version: "2.1",
      id: suarId("indicator", producer.code, host),
      created: receivedAt,
      modified: receivedAt,
      created_by_ref: suarId("identity", producer.code),
      name: host,
      description: `Seen in campaign ${name}, reported by ${by}, against many`,
      pattern: `[domain-name:value = '${host}']`,
      pattern_type: "stix",
      valid_from: receivedAt,
      labels: ["phishing"],
    },
    tlp: "green",
    pap: undefined,
    to: [],
    contentHash: createHash("sha256").update(host).digest(),
    generated: true,
    keys: [`domain:${host}`],
  };
}
