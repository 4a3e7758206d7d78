import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { closeNarrowed, type ReleaseContext } from "@suar/gate";
import type { PoolClient } from "@suar/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GateScene, item, openGateScene, thing, withPair } from "./gate-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const MIB = 1024 * 1024;
const LARGE = 20;
const SMALL = 150;
const ENDED = { from: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" };
/** What is read at once, and as much again for the one that went over. */
const MOST_READ = 6 * MIB;
const MOST_HELD = 40 * MIB;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const held = (): number => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** What a client reads of bodies, and what lives while it does. */
function watched(db: PoolClient): { db: PoolClient; read: number[]; peak(): number } {
  const read: number[] = [];
  let peak = held();
  const query = db.query.bind(db) as (...given: unknown[]) => Promise<{ rows: { body?: string }[] }>;
  const asking = async (...given: unknown[]) => {
    const answer = await query(...given);
    const bytes = answer.rows.reduce((sum, { body = "" }) => sum + Buffer.byteLength(body), 0);
    if (bytes > 0) {
      read.push(bytes);
      peak = Math.max(peak, held());
    }
    return answer;
  };
  const seen = Object.create(db, { query: { value: asking } }) as PoolClient;
  return { db: seen, read, peak: () => peak };
}

test("what closes holds a few megabytes, however large the objects are", async () => {
  const context = await scene.context("SG");
  const large = () => thing("report", { ...REPORT, description: "a quiet heron stands. ".repeat(MIB / 22) });
  for (let n = 0; n < LARGE; n++) await scene.state(context, item(large()));
  const small = Array.from({ length: SMALL }, (_, n) => item(thing("tool", { name: `heron ${n}` })));
  await scene.state(context, ...small);
  const policies = withPair(context.policies, ["SG", "MY"], () => ({ effective: ENDED }));
  const before = held();
  const { closed, read, peak } = await closeAll({ ...context, policies });
  // The CERT and its two agencies lose each.
  expect(closed).toBe(3 * (LARGE + SMALL));
  expect(read.reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThan(LARGE * 0.9 * MIB);
  expect(Math.max(...read)).toBeLessThan(MOST_READ);
  expect(peak - before).toBeLessThan(MOST_HELD);
  // What is small is read together all the same.
  expect(read.length).toBeLessThan(LARGE);
});

const REPORT = {
  name: "a heron",
  published: "2026-01-01T00:00:00.000Z",
  object_refs: [thing("tool", {}).id],
};

async function closeAll(context: ReleaseContext): Promise<{ closed: number; read: number[]; peak: number }> {
  return await scene.write(async (client) => {
    const { db, read, peak } = watched(client);
    let [closed, after]: [number, string | undefined] = [0, ""];
    while (after !== undefined) {
      const done = await closeNarrowed(db, context, { after, limit: 200 });
      closed += done.closed;
      after = done.next;
    }
    return { closed, read, peak: peak() };
  });
}
