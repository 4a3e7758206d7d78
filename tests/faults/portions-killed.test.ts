import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Caller, caller, until, waitForSubmission, wholeLog } from "../support/api.ts";
import { killPostmaster, ownerUrl } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { type Boundary, holdAt } from "./held-at.ts";
import { collection, EVENTS, RECORDS, REJECTED, SHARED } from "./long-collection.ts";

/** What ADR 40 promises of a long submission, whose process or database is killed at each step of its way. */
let platform: PlatformProcess;
const as = (member: string): Caller => caller(platform.url, platform.key(member, "analyst"));

beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(async () => {
  await platform.kill();
  killPostmaster(platform.dataDir);
  await platform.remove();
});

async function submit(name: string, more = ""): Promise<string> {
  const headers = { "content-type": "application/json" };
  const { status, body, text } = await as("SG").raw(
    `/v1/submissions?format=misp${more}`,
    collection(name),
    headers,
  );
  expect(status, text).toBe(202);
  return body.id;
}

async function rows<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: ownerUrl(platform.dataDir) });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Kills the process where something of it is held. */
async function killAt(boundary: Boundary): Promise<void> {
  const hold = await holdAt(platform.dataDir, boundary);
  await hold.reached();
  await platform.kill();
  await hold.end();
}

async function killAtEach(boundaries: readonly Boundary[]): Promise<void> {
  for (const boundary of boundaries) {
    await killAt(boundary);
    await platform.restart();
  }
}

async function allRecords(id: string): Promise<any[]> {
  const records: any[] = [];
  for (let after: string | undefined = "0.0"; after !== undefined; ) {
    const { body } = await as("SG").get(`/v1/submissions/${id}?limit=500&after=${after}`);
    records.push(...body.records);
    after = body.next;
  }
  return records;
}

/** As if nothing had happened: what it stated is its own, and nothing of it was there before. */
async function expectWhole(id: string, name: string): Promise<void> {
  const { counts } = await expectSettled(id, name);
  expect(counts.unchanged).toBe(0);
}

/** Everything once, the counts and places those of the whole, and what is said late held for what stands early. */
async function expectSettled(id: string, name: string): Promise<{ counts: Record<string, number> }> {
  const { body } = await waitForSubmission(as("SG"), id, 240_000);
  expect(body.status, JSON.stringify(body.problem)).toBe("done");
  const records = await allRecords(id);
  expect(records.map(({ index }) => index)).toEqual(Array.from({ length: RECORDS }, (_, n) => n));
  const rejected = records.filter(({ outcome }) => outcome === "rejected");
  expect(rejected.filter(({ code }) => code !== "bad-value")).toEqual([]);
  expect(rejected.length).toBe(REJECTED);
  const last = rejected.at(-1);
  expect(last.at).toContain(`/response/${EVENTS - 1}/`);
  const counted = Object.groupBy(records, ({ outcome }) => outcome);
  expect(body.counts).toEqual({
    records: RECORDS,
    accepted: counted.accepted?.length ?? 0,
    merged: counted.merged?.length ?? 0,
    unchanged: counted.unchanged?.length ?? 0,
    rejected: REJECTED,
  });
  const own = (await wholeLog(as("SG"))).filter(({ object }) => isOf(object, name));
  const names = own.map(({ object }) => `${object.id} ${object.modified ?? ""}`);
  expect(new Set(names).size).toBe(names.length);
  const ids = new Set(own.map(({ object }) => object.id));
  const stated = records.flatMap((one) => (one.outcome === "accepted" ? one.ids : []));
  expect(stated.filter((one: string) => one.startsWith("indicator--") && !ids.has(one))).toEqual([]);
  const others = new Set((await wholeLog(as("MY"))).map(({ object }) => object.value));
  for (const address of SHARED(name)) {
    expect(others).not.toContain(address);
    expect(own.some(({ object }) => object.value === address)).toBe(true);
  }
  return body;
}

const isOf = (object: { value?: string }, name: string): boolean =>
  SHARED(name).some((address) => address === object.value) || JSON.stringify(object).includes(`${name}-`);

async function expectNothingLeft(id: string): Promise<void> {
  await until(60_000, "nothing staged any more", async () => {
    const [left] = await rows<{ n: number }>(
      `SELECT (SELECT count(*) FROM live.staged WHERE submission_id = $1)::int
            + (SELECT count(*) FROM live.staged_name WHERE submission_id = $1)::int AS n`,
      [id],
    );
    return left?.n === 0 ? true : undefined;
  });
}

const RELEASED = { table: "submission", on: "UPDATE OF released" };

describe("a submission in portions", () => {
  it("is released once and whole where the process is killed while it is staged and joined", async () => {
    const id = await submit("staged");
    await killAtEach([
      { table: "staged", on: "INSERT", when: "NEW.portion = 1" },
      { table: "staged_name", on: "INSERT", when: "NEW.portion = 1" },
      { table: "submission", on: "UPDATE OF staged", when: "NEW.staged > 0" },
    ]);
    await expectWhole(id, "staged");
    await expectNothingLeft(id);
  });

  it("is released once and whole where the process is killed while it is released, settled and cleared away", async () => {
    const id = await submit("released");
    await killAtEach([
      { table: "submission", on: "UPDATE OF released", when: "OLD.released = 0" },
      { table: "submission_outcome", on: "DELETE" },
      { table: "submission", on: "UPDATE OF released", when: "OLD.released > 5" },
      { table: "submission", on: "UPDATE OF state", when: "NEW.state = 'done'" },
      { table: "staged_name", on: "DELETE" },
    ]);
    await expectWhole(id, "released");
    await expectNothingLeft(id);
  });

  it("is planned with what all of it says where PostgreSQL dies while it is released, and then the process as it joins anew", async () => {
    const id = await submit("database");
    const begins = await holdAt(platform.dataDir, { ...RELEASED, when: "OLD.released = 0" });
    await begins.reached();
    const [first] = await rows<{ pages: number }>(
      "SELECT count(*)::int AS pages FROM live.staged WHERE submission_id = $1 AND portion = 0",
      [id],
    );
    await begins.end();
    // The first portion is released and settled, the second is not.
    const hold = await holdAt(platform.dataDir, { ...RELEASED, when: `OLD.released = ${first?.pages}` });
    await hold.reached();
    killPostmaster(platform.dataDir);
    await hold.end();
    // All its pages lie staged again by then, and nothing of what the last portion says is known to the first.
    await killAt({ table: "staged_name", on: "INSERT", when: "NEW.portion = 1" });
    const [row] = await rows<{ released: number; pages: number }>(
      `SELECT released, (SELECT count(*) FROM live.staged WHERE submission_id = id)::int AS pages
         FROM live.submission WHERE id = $1`,
      [id],
    );
    // Who was held may be let go by the very death of the server, and commit before it dies itself.
    expect(row?.released).toBeGreaterThanOrEqual(first?.pages ?? Number.NaN);
    expect(row?.pages).toBeGreaterThan(first?.pages ?? 0);
    await platform.restart();
    await expectWhole(id, "database");
    await expectNothingLeft(id);
  });

  it("is released from its beginning where PostgreSQL dies and what is out is passed over, as it is held by then", async () => {
    const origin = encodeURIComponent("https://taxii.example.com/collections/1/");
    const id = await submit("pulled", `&origin=${origin}`);
    const hold = await holdAt(platform.dataDir, { ...RELEASED, when: "OLD.released > 3" });
    await hold.reached();
    killPostmaster(platform.dataDir);
    await hold.end();
    const { counts } = await expectSettled(id, "pulled");
    expect(counts.unchanged).toBeGreaterThan(0);
    await expectNothingLeft(id);
  });
});
