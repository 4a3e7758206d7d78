import { metrics } from "@suar/runtime";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startDecidingAnew } from "../../services/governance/src/jobs/decide-anew.ts";
import { caller, until } from "../support/api.ts";
import { ownerUrl } from "../support/embedded-postgres.ts";
import { type GateScene, item, openGateScene, thing } from "./gate-scene.ts";
import { signPolicy } from "./sign-policy.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const ENDED = { from: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" };
const SINCE_2025 = { from: "2025-01-01T00:00:00Z", until: null };
const SOON_MS = 10_000;
const tool = (name: string) => thing("tool", { name });
const knows = async (member: string, id: string) => await scene.holds(member, id);
const idle = async () =>
  await until(60_000, "the passes' end", async () =>
    (await scene.owner.query("SELECT FROM live.reevaluation WHERE after IS NOT NULL")).rowCount === 0
      ? true
      : undefined,
  );
/** How many organisations the operator is told of, and whether the platform says that something is the matter. */
const told = async () => {
  const nobody = caller(scene.platform.url, undefined);
  const { text } = await nobody.get("/metrics");
  const [, many] = /^suar_reevaluations_stuck\{realm="live"\} (\d+)$/m.exec(text) ?? [];
  return { many: Number(many), ready: (await nobody.get("/readyz")).text };
};
const officer = (member: string) => scene.as(member, "officer");
const closing = async () => (await officer("SG").get("/v1/closing")).body.closing;

afterEach(async () => {
  await signPolicy(scene, ["SG", "MY"], { effective: SINCE_2025 });
  await signPolicy(scene, ["TH", "MY"], { effective: SINCE_2025 });
  await idle();
});

describe("one producer that is stuck holds up nobody else", () => {
  test("whose lock somebody holds: the others are closed, the operator is told, and it is closed once it is free", async () => {
    const stuck = await scene.context("SG");
    const terms = { with: "SG", kind: "mou", title: "of a test", begins: "2026-01-01" };
    const { id: agreement } = (await officer("TH").post("/v1/agreements", terms)).body;
    const [ofStuck, ofOther] = [tool("shrike of sg"), tool("shrike of th")];
    await scene.state(stuck, item(ofStuck));
    await scene.state(await scene.context("TH"), item(ofOther));
    await idle();
    // It waited longest, so that it is the first in turn.
    await scene.owner.query("UPDATE live.reevaluation SET paged_at = '2020-01-01' WHERE producer = $1", [
      stuck.producer.id,
    ]);
    const holder = new pg.Client({ connectionString: ownerUrl(scene.platform.dataDir) });
    await holder.connect();
    try {
      await holder.query("BEGIN");
      await holder.query("SELECT pg_advisory_xact_lock(hashtext('release:live'), $1)", [stuck.producer.id]);
      await signPolicy(scene, ["SG", "MY"], { effective: ENDED });
      await signPolicy(scene, ["TH", "MY"], { effective: ENDED });
      await until(SOON_MS, "the other's closing", async () =>
        (await knows("MY", ofOther.id)) ? undefined : true,
      );
      expect(await knows("MY", ofStuck.id)).toBe(true);
      expect(await closing()).toBe(true);
      // Whoever changes something meanwhile is answered, and told that it is not over.
      expect((await officer("SG").post(`/v1/agreements/${agreement}/accept`)).body).toMatchObject({
        state: "in-force",
        closing: true,
      });
      await until(SOON_MS, "the operator to be told", async () =>
        (await told()).many === 1 ? true : undefined,
      );
      expect((await told()).ready).toContain("not decided anew");
      expect(scene.platform.log()).toContain("could not be decided anew");
    } finally {
      await holder.end();
    }
    await until(40_000, "its own closing", async () => ((await knows("MY", ofStuck.id)) ? undefined : true));
    await until(SOON_MS, "that it is over", async () => ((await closing()) ? undefined : true));
    expect((await officer("SG").post(`/v1/agreements/${agreement}/end`)).body).toMatchObject({
      state: "ended",
      closing: false,
    });
    await until(SOON_MS, "that nothing is the matter", async () =>
      (await told()).many === 0 ? true : undefined,
    );
    expect((await told()).ready).not.toContain("not decided anew");
  });

  test("of which a row cannot be decided: that is closed, and all else; it is told once it can be", async () => {
    const [bad, good, ofOther] = [tool("wryneck"), tool("hoopoe"), tool("hoopoe of th")];
    await scene.state(
      await scene.context("SG"),
      item(bad),
      item(good),
      item(tool("roller"), { tlp: "clear" }),
    );
    await scene.state(await scene.context("TH"), item(ofOther));
    await idle();
    const where = "WHERE stix_id = $1 AND NOT withdrawn";
    const { rows } = await scene.owner.query(`SELECT id, body FROM live.rendition ${where}`, [bad.id]);
    await scene.owner.query(`UPDATE live.rendition SET body = '{' ${where}`, [bad.id]);
    await signPolicy(scene, ["SG", "MY"], { effective: ENDED });
    await signPolicy(scene, ["TH", "MY"], { effective: ENDED });
    for (const [what, id] of [
      ["the others of the same producer", good.id],
      ["another's", ofOther.id],
    ] as const)
      await until(SOON_MS, what, async () => ((await knows("MY", id)) ? undefined : true));
    await until(SOON_MS, "the end of closing", async () => ((await closing()) ? undefined : true));
    // What cannot be decided is withheld, from those, too, from whom the policy does not withhold it.
    const { rows: early } = await scene.owner.query(
      `SELECT o.code FROM live.closed c JOIN core.organisation o ON o.id = c.organisation_id
        WHERE c.rendition_id = ANY ($1) AND c.early ORDER BY 1`,
      [rows.map(({ id }) => id)],
    );
    expect(early.map(({ code }) => code)).toEqual(expect.arrayContaining(["MY", "TH", "VN"]));
    expect(early.map(({ code }) => code)).not.toContain("SG");
    await until(SOON_MS, "the other's being told", async () =>
      (await scene.told("MY", ofOther.id)).includes("withdrawn") ? true : undefined,
    );
    await until(SOON_MS, "the operator to be told", async () =>
      (await told()).many === 1 ? true : undefined,
    );
    for (const { id, body } of rows)
      await scene.owner.query("UPDATE live.rendition SET body = $2 WHERE id = $1", [id, body]);
    await until(60_000, "the end of the pass", async () => {
      await idle();
      return (await scene.told("TH", bad.id)).length > 0 ? true : undefined;
    });
    expect(await scene.told("MY", bad.id)).toEqual(["withdrawn"]);
    expect(await scene.told("MY", good.id)).toEqual(["withdrawn"]);
    expect(await knows("TH", bad.id)).toBe(true);
    await until(SOON_MS, "that nothing is the matter", async () =>
      (await told()).many === 0 ? true : undefined,
    );
  });

  test("that is busy without a break has its turn in the queue, and the others do not wait for it", async () => {
    const [ofBusy, ofOther] = [tool("dotterel of sg"), tool("dotterel of th")];
    const busy = await scene.context("SG");
    await scene.state(busy, item(ofBusy));
    await scene.state(await scene.context("TH"), item(ofOther));
    await idle();
    let isOver = false;
    // Each holds the lock for longer than anybody waits for it in turn, and the next has queued for it by then.
    const holders = Array.from({ length: 2 }, async () => {
      const client = new pg.Client({ connectionString: ownerUrl(scene.platform.dataDir) });
      await client.connect();
      try {
        while (!isOver) {
          await client.query("BEGIN");
          await client.query("SELECT pg_advisory_xact_lock(hashtext('release:live'), $1)", [
            busy.producer.id,
          ]);
          await client.query("SELECT pg_sleep(2.5)");
          await client.query("COMMIT");
        }
      } finally {
        await client.end();
      }
    });
    try {
      await signPolicy(scene, ["SG", "MY"], { effective: ENDED });
      await signPolicy(scene, ["TH", "MY"], { effective: ENDED });
      await until(SOON_MS, "the other's closing", async () =>
        (await knows("MY", ofOther.id)) ? undefined : true,
      );
      await until(25_000, "its own closing", async () => ((await knows("MY", ofBusy.id)) ? undefined : true));
    } finally {
      isOver = true;
      await Promise.all(holders);
    }
  });

  test("of whom nobody looks any more is no trouble any more, and is not waited for", async () => {
    const { platform, realm } = scene.inside;
    const stuck = await scene.context("SG");
    const subject = `reevaluation:${realm.name}`;
    await scene.state(stuck, item(tool("whimbrel")));
    await idle();
    const holder = new pg.Client({ connectionString: ownerUrl(scene.platform.dataDir) });
    await holder.connect();
    const loop = startDecidingAnew(platform, realm);
    try {
      await holder.query("BEGIN");
      await holder.query("SELECT pg_advisory_xact_lock(hashtext('release:live'), $1)", [stuck.producer.id]);
      await signPolicy(scene, ["SG", "MY"], { effective: ENDED });
      await until(2 * SOON_MS, "the trouble", async () => platform.troubles.has(subject) || undefined);
      const began = performance.now();
      await loop.stop();
      expect(performance.now() - began).toBeLessThan(SOON_MS);
      expect(platform.troubles.has(subject)).toBe(false);
      expect(await metrics.reevaluationsStuck.get()).toMatchObject({ values: [] });
      expect(await metrics.reevaluating.get()).toMatchObject({ values: [] });
    } finally {
      await loop.stop();
      await holder.end();
    }
  });
});
