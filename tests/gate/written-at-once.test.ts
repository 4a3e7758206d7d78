import { type ReleaseContext, reevaluate, release, releasing } from "@suar/gate";
import type { PoolClient } from "@suar/runtime";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeWithNaming } from "../../packages/gate/src/anew/close-with-naming.ts";
import { selectApproved } from "../../packages/gate/src/store/pending.ts";
import { selectEnvelopes } from "../../packages/log/src/store/strokes.ts";
import { ownerUrl } from "../support/embedded-postgres.ts";
import { type GateScene, item, openGateScene, thing, withPair } from "./gate-scene.ts";

/* How much is written, closed or logged by one statement, and under one lock, whatever it comes to in all. */

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const MIB = 1024 * 1024;
const ENDED = { from: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" };

const OTHERS = ["BN", "CN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TL", "VN"];

/** MY, VN and all others get copies of their own of what holds an address for e-mail. */
function differing(context: ReleaseContext, exporter: string): ReleaseContext {
  const under = (policies: ReleaseContext["policies"], importer: string, email: "hmac" | "mask") =>
    withPair(policies, [exporter, importer], ({ personalData }) => ({
      rules: [],
      personalData: { ...personalData, email },
    }));
  return { ...context, policies: under(under(context.policies, "MY", "hmac"), "VN", "mask") };
}

/** A transaction that nobody else sees anything of. */
async function undone<T>(work: (db: pg.Client) => Promise<T>): Promise<T> {
  const db = new pg.Client({ connectionString: ownerUrl(scene.platform.dataDir) });
  await db.connect();
  try {
    await db.query("BEGIN; SET LOCAL search_path = live");
    return await work(db);
  } finally {
    await db.end();
  }
}

/** The same connection; `tell` gets each statement before it is sent. */
function tapped<T extends object>(db: T, tell: (text: string, values: readonly unknown[]) => void): T {
  const query = (db as { query: (...all: unknown[]) => Promise<unknown> }).query.bind(db);
  const telling = async (sent: string | { text: string }, values: readonly unknown[] = []) => {
    if (typeof sent === "string") tell(sent, values);
    return await query(sent, ...(values.length > 0 ? [values] : []));
  };
  return Object.create(db, { query: { value: telling } }) as T;
}

/** The most bytes that any one statement writes renditions of. */
async function mostWritten(work: (db: PoolClient) => Promise<unknown>): Promise<number> {
  let most = 0;
  const tell = (text: string, values: readonly unknown[]): void => {
    if (!text.includes("INSERT INTO rendition")) return;
    const bytes = values.map((one) => (Buffer.isBuffer(one) || typeof one === "string" ? one.length : 0));
    most = Math.max(most, ...bytes);
  };
  await scene.write(async (db) => await work(tapped(db, tell)));
  return most;
}

describe("the pen's envelopes", () => {
  test("of a release of thousands of entries are several, in its order, and the last is told", async () => {
    const context = differing(await scene.context("SG"), "SG");
    const tools = Array.from({ length: 800 }, (_, n) =>
      item(thing("tool", { name: `dowitcher ${n}`, description: `mail tan${n}@victim.example` })),
    );
    // Nobody takes them while they are counted.
    await scene.owner.query("BEGIN; SELECT FROM live.log_head FOR UPDATE");
    const told = await (async () => {
      try {
        const work = async (db: PoolClient) => await release(db, context, tools);
        const { envelope } = await releasing(scene.inside.platform, scene.inside.realm, work);
        const { rows } = await scene.owner.query<{ batch: string; many: number }>(
          "SELECT batch, cardinality(kinds) AS many FROM live.unsequenced ORDER BY batch",
        );
        return { envelope, rows };
      } finally {
        await scene.owner.query("ROLLBACK");
      }
    })();
    const sizes = told.rows.map(({ many }) => many);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2_000);
    expect(Number(told.rows.at(-1)?.batch)).toBe(told.envelope);
    await scene.settled();
    const { rows } = await scene.owner.query<{ id: string }>(
      `SELECT r.stix_id AS id FROM live.log l JOIN live.rendition r ON r.id = l.rendition_id
        WHERE r.copy_of IS NULL AND r.stix_id = ANY ($1) ORDER BY l.seq`,
      [tools.map(({ object }) => object.id)],
    );
    expect([...new Set(rows.map(({ id }) => id))]).toEqual(tools.map(({ object }) => object.id));
  });

  test("are taken by so many entries at once, one at least, however many it holds", async () => {
    const taken = async (...sizes: number[]) =>
      await undone(async (db) => {
        for (const size of sizes)
          await db.query(
            `INSERT INTO unsequenced (kinds, renditions, audiences, leaves, decisions)
             SELECT array_agg('released'::text), array_agg(1), array_agg(1), array_agg(sha256(n::text::bytea)), array_agg(1)
               FROM generate_series(1, $1) AS n`,
            [size],
          );
        const { envelopes, isMore } = await selectEnvelopes(db, { envelopes: 3, entries: 100 });
        return [...envelopes.map(({ commitments }) => commitments.length / 32), isMore];
      });
    expect(await taken(40, 60, 1)).toEqual([40, 60, true]);
    expect(await taken(40, 60)).toEqual([40, 60, false]);
    expect(await taken(500, 1)).toEqual([500, true]);
    expect(await taken(1, 500)).toEqual([1, true]);
    expect(await taken(1, 1, 1, 1)).toEqual([1, 1, 1, true]);
    expect(await taken(1, 1, 1)).toEqual([1, 1, 1, false]);
  });
});

describe("a pass over what is large", () => {
  const large = (n: number, bytes: number) =>
    thing("tool", {
      name: `phalarope ${n}`,
      description: `mail tan${n}@victim.example ${"a quiet phalarope swims. ".repeat(bytes / 25)}`,
    });
  const only = async (member: string, many: number, bytes: number): Promise<ReleaseContext> => {
    const context = await scene.context(member);
    const all = Array.from({ length: many }, (_, n) => item(large(n, bytes)));
    for (const one of all) await scene.state(context, one);
    return context;
  };

  test("begins with as much as is read at once, and not with so many objects", async () => {
    const context = await only("VN", 12, MIB);
    const page = { after: "", limit: 200, withinMs: 0 };
    const { decided, next } = await scene.write(async (db) => await reevaluate(db, context, page));
    expect(decided).toBeGreaterThan(0);
    expect(decided).toBeLessThan(6);
    expect(next).toBeDefined();
  });

  test("writes copies in pieces, by what will be made of them", async () => {
    const open = differing(await scene.context("TH"), "TH");
    // Nobody else has it at first: what there is of it is small beside what all others will get.
    const policies = OTHERS.reduce(
      (some, importer) => withPair(some, ["TH", importer], () => ({ effective: ENDED })),
      open.policies,
    );
    const shut = { ...open, policies };
    const all = Array.from({ length: 3 }, (_, n) => item(large(n, MIB)));
    for (const one of all) await scene.state(shut, one);
    const ids = all.map(({ object }) => object.id);
    const most = await mostWritten(async (db) => {
      const { widened, failed } = await reevaluate(db, open, { stixIds: ids });
      expect([widened.length, failed]).toEqual([3, []]);
    });
    expect(most).toBeGreaterThan(MIB);
    expect(most).toBeLessThan(4.5 * MIB);
  });
});

test("what names very many things that were closed is closed by several statements", async () => {
  const context = await scene.context("SG");
  const tools = Array.from({ length: 120 }, (_, n) => thing("tool", { name: `godwit ${n}` }));
  const reports = tools.map(({ id }, n) =>
    thing("report", { name: `godwit ${n}`, published: "2026-01-01T00:00:00.000Z", object_refs: [id] }),
  );
  await scene.state(context, ...[...tools, ...reports].map((one) => item(one)));
  const reader = context.organisations.find(({ code }) => code === "MY")?.id ?? 0;
  const asked: number[] = [];
  const tell = (text: string, values: readonly unknown[]): void => {
    if (text.includes("named AS MATERIALIZED")) asked.push((values[1] as Buffer).readInt32BE(12));
  };
  const lost = tools.map(({ id: stixId }) => ({ stixId, organisation: reader }));
  const { many, naming } = await undone(
    async (db) => await closeWithNaming(tapped(db, tell), context.producer.id, lost),
  );
  expect([many, [...naming].sort()]).toEqual([240, reports.map(({ id }) => id).sort()]);
  expect(asked.length).toBeGreaterThan(1);
  expect(Math.max(...asked)).toBeLessThanOrEqual(50);
});

test("what others agreed to is found by the ids of objects, however many requests there are", async () => {
  await undone(async (db) => {
    await db.query(
      `WITH d AS (INSERT INTO decision (hash, body) VALUES ('\\x00', '{}') RETURNING id)
       INSERT INTO pending_release (producer, stix_id, version, organisations, approvers, four_eyes, decision_id, asked_by, deadline, state)
       SELECT 1, 'tool--' || n, 'v', '{1}', '{x}', false, d.id, 'x', now(), 'approved' FROM d, generate_series(1, 20000) AS n`,
    );
    await db.query("ANALYZE pending_release");
    let plan = "";
    const places = Array.from({ length: 40 }, (_, n) => ({ stixId: `tool--${n}`, version: "v" }));
    const explaining = Object.create(db, {
      query: {
        value: async (text: string, values: unknown[]) => {
          const { rows } = await db.query(`EXPLAIN ${text}`, values);
          plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
          return await db.query(text, values);
        },
      },
    }) as pg.Client;
    expect(await selectApproved(explaining, 1, places)).toHaveLength(39);
    expect(plan).toContain("pending_release_of");
    expect(plan).not.toContain("Seq Scan on pending_release");
  });
});
