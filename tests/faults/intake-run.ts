import { createHash } from "node:crypto";
import { expect } from "vitest";
import { type Caller, caller, until, waitForSubmission, wholeLog } from "../support/api.ts";
import { type FlakyReceiver, startFlakyReceiver } from "../support/flaky-receiver.ts";
import type { PlatformProcess } from "../support/platform.ts";
import type { Chance } from "../support/seeded-random.ts";
import { startWatcher, type WatchedItem, type Watcher } from "../support/watcher.ts";

/**
 * An intake that something breaks while it runs: SG submits tables of indicators until each is acknowledged,
 * MY watches and has a webhook, CN watches. Afterwards `proveNothingLost` holds whatever was broken.
 */
export type IntakeRun = {
  /** Lets submissions up to this number (from 1) begin. */
  allow(count: number): void;
  acknowledged(): number;
  /** Resolves when every submission is acknowledged. */
  allAcknowledged: Promise<void>;
  /** Waits until everything has arrived, and checks the promises. */
  proveNothingLost(): Promise<{ head: number }>;
  close(): Promise<void>;
};

const VALUES_A_SUBMISSION = 200;
const SUBMITTERS = 4;
/** Share of acknowledgements that never reach the client, which then asks again. */
const LOST_ANSWERS = 0.2;
const ARRIVES_WITHIN_MS = 300_000;

/** Every tenth submission is for MY alone, so that watchers have something that they must not see. */
const isForMalaysiaAlone = (submission: number): boolean => submission % 10 === 9;

type Acknowledged = { id: string; submission: number };
type Run = {
  url: string;
  chance: Chance;
  producer: Caller;
  malaysia: Caller;
  china: Caller;
  watchers: { malaysia: Watcher; china: Watcher };
  receiver: FlakyReceiver;
  acknowledged: Acknowledged[];
  submissions: number;
};

/** Fails once in about a hundred posts; silence is rare, since each holds a batch up until its timeout. */
const RATES = { error: 0.006, hangUp: 0.003, silence: 0.001 };
/** What the platform under test needs, so that a silent receiver does not hold the test up. */
export const RUN_ENV = { SUAR_WEBHOOK_TIMEOUT_MS: "1000" };

export async function startIntakeRun(
  platform: PlatformProcess,
  submissions: number,
  chance: Chance,
): Promise<IntakeRun> {
  const receiver = await startFlakyReceiver(chance, RATES);
  const run: Run = {
    url: platform.url,
    chance,
    producer: caller(platform.url, platform.key("SG", "analyst")),
    malaysia: caller(platform.url, platform.key("MY", "subscriber")),
    china: caller(platform.url, platform.key("CN", "subscriber")),
    watchers: {
      malaysia: startWatcher(platform.url, platform.key("MY", "subscriber")),
      china: startWatcher(platform.url, platform.key("CN", "subscriber")),
    },
    receiver,
    acknowledged: [],
    submissions,
  };
  const hook = await run.malaysia.post("/v1/webhooks", { url: receiver.url, after: 0 });
  expect(hook.status, hook.text).toBe(201);
  let allowed = 0;
  let next = 0;
  let closed = false;
  const submitter = async (): Promise<void> => {
    while (next < submissions && !closed) {
      if (next >= allowed) await pause(20);
      else await submitUntilAcknowledged(run, next++, () => closed);
    }
  };
  const allAcknowledged = Promise.all(Array.from({ length: SUBMITTERS }, submitter)).then(() => undefined);
  allAcknowledged.catch(() => undefined); // the test awaits it, at its end
  return {
    allow: (count) => {
      allowed = count;
    },
    acknowledged: () => run.acknowledged.length,
    allAcknowledged,
    proveNothingLost: async () => await proveNothingLost(run),
    close: async () => {
      closed = true;
      run.watchers.malaysia.stop();
      run.watchers.china.stop();
      await receiver.close();
    },
  };
}

/** As a careful client does it: the same body and key again until there is an answer. Some answers get lost. */
async function submitUntilAcknowledged(run: Run, submission: number, given: () => boolean): Promise<void> {
  const query = isForMalaysiaAlone(submission) ? "?tlp=amber&to=MY" : "?tlp=green";
  const headers = { "content-type": "text/csv", "idempotency-key": `run-${submission}` };
  let mayLose = run.chance.next() < LOST_ANSWERS ? 1 : 0;
  const ids = new Set<string>();
  while (!given()) {
    // A refused or broken connection is what this test makes: the client tries again.
    const answer = await run.producer
      .raw(`/v1/submissions${query}`, table(submission), headers)
      .catch(() => undefined);
    if (answer?.status === 202) {
      ids.add(answer.body.id);
      if (mayLose-- > 0) continue;
      if (ids.size > 1) throw new Error(`submission ${submission} was accepted as ${[...ids].join(" and ")}`);
      run.acknowledged.push({ id: answer.body.id, submission });
      return;
    }
    // Being away is 503, never an internal error.
    if (answer !== undefined && answer.status !== 503)
      throw new Error(`refused with ${answer.status}: ${answer.text}`);
    await pause(50);
  }
}

/** Values of reserved names and documentation networks, each in one submission only. */
function table(submission: number): string {
  const rows = Array.from({ length: VALUES_A_SUBMISSION }, (_, row) => observableOf(submission, row));
  return `value,description\n${rows.map((value) => `${value},submission ${submission}`).join("\n")}\n`;
}

function observableOf(submission: number, row: number): string {
  const place = `${submission.toString(16)}:${row.toString(16)}`;
  if (row % 4 === 0) return `2001:db8::${place}`;
  if (row % 4 === 1) return `https://h${row}.s${submission}.example.com/p/${row}`;
  if (row % 4 === 2) return createHash("sha256").update(place).digest("hex");
  return `h${row}.s${submission}.example.net`;
}

async function proveNothingLost(run: Run): Promise<{ head: number }> {
  const { acknowledged, submissions } = run;
  expect(acknowledged.length).toBe(submissions);
  expect(new Set(acknowledged.map(({ id }) => id)).size, "each submission has an id of its own").toBe(
    submissions,
  );
  const idsOf = await outcomes(run);
  const seen = await logOf(run, run.malaysia, idsOf.size);
  proveLog(seen, idsOf);
  await proveWatcher(run.watchers.malaysia, seen);
  const chinaSees = await logOf(run, run.china, 0);
  const alone = new Set(
    [...idsOf].filter(([, submission]) => isForMalaysiaAlone(submission)).map(([id]) => id),
  );
  expect(alone.size).toBeGreaterThan(0);
  expect(chinaSees.map(({ seq }) => seq)).toEqual(
    seen.filter(({ object }) => !alone.has(object.id)).map(({ seq }) => seq),
  );
  await proveWatcher(run.watchers.china, chinaSees);
  await proveReceiver(run.receiver, seen);
  return { head: seen.length };
}

/** Every acknowledged submission is done, and there are no others. The object ids with their submission. */
async function outcomes(run: Run): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  for (const { id, submission } of run.acknowledged) {
    const { body } = await waitForSubmission(run.producer, id, ARRIVES_WITHIN_MS);
    expect(body.status, JSON.stringify(body.problem)).toBe("done");
    expect(body.counts, `submission ${submission}`).toEqual({
      records: VALUES_A_SUBMISSION,
      accepted: VALUES_A_SUBMISSION,
      merged: 0,
      unchanged: 0,
      rejected: 0,
    });
    const records = body.records as { index: number; ids: string[] }[];
    expect(records.map(({ index }) => index)).toEqual(
      Array.from({ length: VALUES_A_SUBMISSION }, (_, n) => n),
    );
    for (const record of records) {
      expect(record.ids.length).toBeGreaterThan(0);
      for (const made of record.ids) ids.set(made, submission);
    }
  }
  const listed = await run.producer.get("/v1/submissions?limit=500");
  expect(listed.body.items.length, "a repeated request made no second submission").toBe(run.submissions);
  return ids;
}

/** The log as a caller sees it, once the pen has numbered all that is expected. */
async function logOf(run: Run, api: Caller, atLeast: number): Promise<WatchedItem[]> {
  await until(ARRIVES_WITHIN_MS, "the pen", async () => {
    const answer = await run.producer.get("/v1/log?after=latest");
    return answer.body.head >= atLeast ? true : undefined;
  });
  return (await wholeLog(api)) as WatchedItem[];
}

function proveLog(seen: readonly WatchedItem[], idsOf: ReadonlyMap<string, number>): void {
  const times = new Map<string, number>();
  for (const { object } of seen) times.set(object.id, (times.get(object.id) ?? 0) + 1);
  const missing = [...idsOf.keys()].filter((id) => !times.has(id));
  expect(missing, "acknowledged objects that are not in the log").toEqual([]);
  const twice = [...times].filter(([, count]) => count !== 1);
  expect(twice, "objects that are in the log more than once").toEqual([]);
  const indicators = seen.filter(({ object }) => object.type === "indicator");
  expect(indicators.length).toBe(new Set(idsOf.values()).size * VALUES_A_SUBMISSION);
  expect(
    seen.map(({ seq }) => seq),
    "seq is contiguous from 1",
  ).toEqual(seen.map((_, index) => index + 1));
  const outOfOrder = seen.filter(({ at }, index) => index > 0 && at <= (seen[index - 1]?.at ?? ""));
  expect(outOfOrder, "times that do not strictly increase").toEqual([]);
}

/** What a watcher got, through all its connections, is the log that it may see: once each, in order, the same. */
async function proveWatcher(watcher: Watcher, log: readonly WatchedItem[]): Promise<void> {
  await until(ARRIVES_WITHIN_MS, `${log.length} items (there are ${watcher.items.length})`, async () =>
    watcher.items.length >= log.length ? true : undefined,
  ).catch(() => undefined); // what is missing is told by the comparison
  await pause(500); // long enough for one too many to show
  expect(watcher.complaints).toEqual([]);
  expect(watcher.items.map(({ seq }) => seq)).toEqual(log.map(({ seq }) => seq));
  const different = log.filter(
    (item, index) => JSON.stringify(item) !== JSON.stringify(watcher.items[index]),
  );
  expect(different.slice(0, 3), "items that the stream told differently").toEqual([]);
}

/** The receiver answered each entry at least once, and every try of an entry had the same id. */
async function proveReceiver(receiver: FlakyReceiver, log: readonly WatchedItem[]): Promise<void> {
  await until(ARRIVES_WITHIN_MS, "webhooks", async () =>
    receiver.answered().size >= log.length ? true : undefined,
  ).catch(
    () => undefined, // what is missing is told by the comparison
  );
  const answered = receiver.answered();
  const missing = log.filter(({ seq }) => !answered.has(seq)).map(({ seq }) => seq);
  expect({ missing: missing.length, first: missing.slice(0, 10) }, "entries that no webhook brought").toEqual(
    {
      missing: 0,
      first: [],
    },
  );
  const idsOfSeq = new Map<number, Set<string>>();
  const seqsOfId = new Map<string, Set<number>>();
  for (const { id, seq } of receiver.posts) {
    if (seq === undefined) continue;
    idsOfSeq.set(seq, (idsOfSeq.get(seq) ?? new Set()).add(id));
    seqsOfId.set(id, (seqsOfId.get(id) ?? new Set()).add(seq));
  }
  expect(
    [...idsOfSeq].filter(([, ids]) => ids.size !== 1),
    "entries under more than one id",
  ).toEqual([]);
  expect(
    [...seqsOfId].filter(([, seqs]) => seqs.size !== 1),
    "ids of more than one entry",
  ).toEqual([]);
  const failures = receiver.posts.filter(({ how }) => how !== "answered");
  expect(new Set(failures.map(({ how }) => how)), "the receiver did fail, in every way").toEqual(
    new Set(["error", "hung-up", "silent"]),
  );
}

export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** What the platform said last, for a run that failed. */
export async function tellWhy(platform: PlatformProcess): Promise<void> {
  await pause(500); // its log comes through a pipe
  const { exitCode, signalCode } = platform.process;
  console.log(
    `the platform ${signalCode ?? exitCode ?? "is alive"}; its last words:\n${platform.log().slice(-8_000)}`,
  );
}
