import { type ReleaseContext, recall, release } from "@suar/gate";
import type { PoolClient } from "@suar/runtime";
import type { StixObject } from "@suar/stix";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GateScene, openGateScene } from "./gate-scene.ts";
import {
  address,
  calls,
  freshAddress,
  itemOf,
  note,
  observed,
  sighting,
  victimsOf,
} from "./victims-scene.ts";

/* What a statement about victims costs has nothing to do with how much was said, or is out, already. */

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

type Sent = string | { text: string; values?: unknown[] };
type Told = (text: string, values: unknown[] | undefined) => Promise<void> | void;

/** The same connection; each statement is told before it is sent. */
function tapped(db: PoolClient, tell: Told): PoolClient {
  const query = async (sent: Sent, values?: unknown[]) => {
    await tell(
      typeof sent === "string" ? sent : sent.text,
      values ?? (sent as { values?: unknown[] }).values,
    );
    return await (db.query as (...all: unknown[]) => Promise<unknown>).call(db, sent, values);
  };
  return new Proxy(db, { get: (of, key) => (key === "query" ? query : Reflect.get(of, key)) });
}

async function statesTapped(tell: Told, context: ReleaseContext, ...objects: StixObject[]) {
  return await scene.write(
    async (db) =>
      await release(
        tapped(db, async (text, values) => await tell(text, values)),
        context,
        objects.map(itemOf),
      ),
  );
}

/** How many statements a release sends. */
async function statementsOf(context: ReleaseContext, ...objects: StixObject[]): Promise<number> {
  let sent = 0;
  await statesTapped(
    () => {
      sent += 1;
    },
    context,
    ...objects,
  );
  return sent;
}

/** Pages that a release's statements about victims look at. */
async function pagesOf(context: ReleaseContext, ...objects: StixObject[]): Promise<number> {
  let pages = 0;
  await scene.write(async (db) => {
    const explained: Told = async (text, values) => {
      if (!/\bvictim(_cause)?\b/.test(text)) return;
      await db.query("SAVEPOINT looked");
      const { rows } = await db.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values as never);
      await db.query("ROLLBACK TO SAVEPOINT looked");
      const [{ Plan: plan }] = rows[0]["QUERY PLAN"];
      pages += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
    };
    await release(tapped(db, explained), context, objects.map(itemOf));
  });
  return pages;
}

/** As if somebody had stated so many sightings of it. */
async function saidSoOften(producer: number, names: readonly string[], times: number): Promise<void> {
  await scene.owner.query(
    `INSERT INTO live.victim_cause (producer, name, cause)
     SELECT $1, name, 'past-' || n FROM unnest($2::text[]) AS name, generate_series(1, $3) AS n
     ON CONFLICT DO NOTHING`,
    [producer, names, times],
  );
  await scene.owner.query("ANALYZE live.victim, live.victim_cause");
}

describe("a statement about a victim of which much was said", () => {
  test("looks at no more pages after 50,000 others than after 1,000", async () => {
    const context = await scene.context("SG");
    const seen = address(freshAddress());
    const data = observed(seen);
    const { states, live } = victimsOf(scene);
    await states(context, seen, data, sighting(data));
    const names = [data.id, seen.id, `ipv4:${seen.value}`];
    expect(await live(names)).toEqual(names.toSorted());
    await saidSoOften(context.producer.id, names, 1_000);
    const few = await pagesOf(context, sighting(data), note(`about ${seen.value}`));
    await saidSoOften(context.producer.id, names, 50_000);
    const many = await pagesOf(context, sighting(data), note(`more about ${seen.value}`));
    expect(few).toBeGreaterThan(0);
    expect(many).toBeLessThanOrEqual(few * 1.5);
  });

  test("is kept once, not once for each part of what it speaks of", async () => {
    const context = await scene.context("SG");
    const parts = Array.from({ length: 40 }, () => address(freshAddress()));
    const data = observed(...parts);
    const { states } = victimsOf(scene);
    await states(context, ...parts, data, sighting(data));
    const rows = async () =>
      (await scene.owner.query("SELECT count(*)::int AS many FROM live.victim_cause")).rows[0].many;
    const before = await rows();
    const first = await statementsOf(context, sighting(data));
    expect((await rows()) - before).toBe(1);
    const again = Array.from({ length: 30 }, () => sighting(data));
    expect(await statementsOf(context, ...again)).toBe(first);
    expect((await rows()) - before).toBe(31);
  });

  test("holds until the last that says so is taken back, and its parts with it", async () => {
    const context = await scene.context("SG");
    const part = address(freshAddress());
    const data = observed(part);
    const { states, live, sees } = victimsOf(scene);
    const [first, second, outright] = [sighting(data), sighting(data), calls(part)];
    const names = [data.id, part.id, `ipv4:${part.value}`].toSorted();
    const takeBack = async ({ id: stixId }: StixObject) =>
      await scene.write(async (db) => await recall(db, context, { stixId, dueInMs: 60_000 }));
    await states(context, part, data, first, second, outright);
    await takeBack(first);
    expect(await live(names)).toEqual(names);
    await takeBack(second);
    expect(await live(names)).toEqual(names.filter((name) => name !== data.id));
    await states(context, note(`smew ${part.value}`));
    expect(await sees("MY", `smew ${part.value}`)).toBe(false);
    await takeBack(outright);
    expect(await live(names)).toEqual([]);
    await states(context, note(`goosander ${part.value}`));
    expect(await sees("MY", `goosander ${part.value}`)).toBe(true);
    await states(context, sighting(data));
    expect(await live(names), "and is found again").toEqual(names);
    await states(context, note(`scoter ${part.value}`));
    expect(await sees("MY", `scoter ${part.value}`)).toBe(false);
  });

  test("leads nowhere where it was refused", async () => {
    const context = await scene.context("SG");
    const [one, other] = [address(freshAddress()), address(freshAddress())];
    const { states, live, sees } = victimsOf(scene);
    const said = calls(other);
    await states(context, one, { ...said, modified: "2026-03-01T00:00:00.000Z" });
    const refused = { ...said, target_ref: one.id, modified: "2026-02-01T00:00:00.000Z" };
    expect(await states(context, refused)).toMatchObject([{ outcome: "rejected" }]);
    expect(await live([one.id, `ipv4:${one.value}`])).toEqual([]);
    await scene.settled();
    expect(await sees("MY", String(one.value))).toBe(true);
  });

  test("that is taken back before anybody was told reveals nothing that it closed", async () => {
    const context = await scene.context("SG");
    const [victim] = [address(freshAddress())];
    const [early, said] = [note(`garganey ${victim.value}`), calls(victim)];
    const { states, sees } = victimsOf(scene);
    await states(context, victim, early);
    expect(await sees("MY", String(victim.value))).toBe(true);
    await scene.write(async (db) => {
      await release(db, context, [itemOf(said)]);
      return await recall(db, context, { stixId: said.id, dueInMs: 60_000 });
    });
    expect(await sees("MY", String(victim.value))).toBe(false);
    await scene.settled();
    expect(await sees("MY", String(victim.value))).toBe(false);
    expect(await sees("MY", "garganey [ip address removed]")).toBe(true);
  });
});

describe("a statement about what thousands hold", () => {
  test("closes them at once in as many statements as of a few hundred, and is told afterwards", async () => {
    // Another's is told meanwhile, and holds no lock of this one's.
    const [context, other] = [await scene.context("SG"), await scene.context("TH")];
    const { states, readBy } = victimsOf(scene);
    const holders = async (context: ReleaseContext, word: string, count: number): Promise<StixObject> => {
      const victim = address(freshAddress());
      await states(context, victim);
      for (let from = 0; from < count; from += 1_000) {
        const some = Array.from({ length: Math.min(1_000, count - from) }, (_, n) =>
          note(`${word} ${from + n} at ${victim.value}`, victim),
        );
        await states(context, ...some);
      }
      return victim;
    };
    const [few, many] = [await holders(other, "brent", 150), await holders(context, "eider", 2_000)];
    const before = await readBy("MY");
    expect(before.filter(({ content }) => String(content).includes(String(many.value)))).toHaveLength(2_000);
    const some = await statementsOf(other, calls(few));
    const all = await statementsOf(context, calls(many));
    expect(all).toBe(some);
    const texts = JSON.stringify([await readBy("MY"), await readBy("VN")]);
    for (const { id, value } of [few, many]) {
      expect(texts).not.toContain(String(value));
      expect(texts, "nor what names it").not.toContain(id);
    }
    const home = JSON.stringify(await readBy("SG"));
    expect(home).toContain(`eider 1999 at ${many.value}`);
    const told = async () => (await readBy("MY")).filter(({ content }) => /^brent/.test(String(content)));
    const end = Date.now() + 200_000;
    while ((await told()).length < 150 && Date.now() < end) await new Promise((go) => setTimeout(go, 500));
    expect((await told()).map(({ content }) => String(content).replace(/\d+ at/, "at"))).toEqual(
      Array(150).fill("brent at [ip address removed]"),
    );
  });
});
