import { type Reevaluation, type ReleaseContext, reevaluate } from "@suar/gate";
import type { PairPolicy } from "@suar/policy";
import type { PoolClient } from "@suar/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { takeBackEarlier } from "../../packages/gate/src/red/take-back-earlier.ts";
import { askedOf, type GateScene, item, openGateScene, thing, withPair } from "./gate-scene.ts";

/* What telling of a change costs: by statements and by what is read, since both are the same on any machine. */

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const MANY = 110;
/** For each hundred objects, or whatever is left of one. */
const STATEMENTS = 40;
const MIB = 1024 * 1024;
/** What is read at once, and as much again for the one that went over. */
const MOST_READ = 6 * MIB;
const ENDED = { from: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" };
const shut = (context: ReleaseContext, importer: string) => ({
  ...context,
  policies: withPair(context.policies, [context.producer.member, importer], () => ({ effective: ENDED })),
});
const several = (type: string, said: (n: number) => Record<string, unknown>, many = MANY) =>
  Array.from({ length: many }, (_, n) => thing(type, said(n)));

type Cost = { statements: number; read: number };

/** `read`: the most bytes of bodies that any one answer held. */
async function counted<T>(work: (db: PoolClient) => Promise<T>): Promise<T & Cost> {
  return await scene.write(async (client) => {
    const query = client.query.bind(client) as (
      ...given: unknown[]
    ) => Promise<{ rows: { body?: string }[] }>;
    let [statements, read] = [0, 0];
    const counting = async (...given: unknown[]) => {
      statements += 1;
      const answer = await query(...given);
      const bytes = answer.rows.reduce((sum, { body = "" }) => sum + Buffer.byteLength(body), 0);
      read = Math.max(read, bytes);
      return answer;
    };
    const db = Object.create(client, { query: { value: counting } }) as PoolClient;
    return { ...(await work(db)), statements, read };
  });
}

const tell = async (context: ReleaseContext, stixIds: readonly string[]): Promise<Reevaluation & Cost> =>
  await counted(async (db) => await reevaluate(db, context, { stixIds }));

/** The kinds of all entries of an id that a member was ever sent. */
async function entriesTo(member: string, id: string): Promise<string[]> {
  const { rows } = await scene.owner.query<{ kind: string }>(
    `SELECT l.kind FROM live.log l JOIN live.rendition r ON r.id = l.rendition_id
       JOIN live.audience_organisation a ON a.audience_id = l.audience_id
       JOIN core.organisation o ON o.id = a.organisation_id
      WHERE r.stix_id = $1 AND o.code = $2 ORDER BY l.seq`,
    [id, member],
  );
  return rows.map(({ kind }) => kind);
}

describe("telling of hundreds", () => {
  const most = Math.ceil(MANY / 100) * STATEMENTS;

  test("that are lost and given again takes as many statements as telling of one, for each hundred", async () => {
    const context = await scene.context("SG");
    const tools = several("tool", (n) => ({ name: `ibis ${n}` }));
    await scene.state(context, ...tools.map((one) => item(one)));
    const ids = tools.map(({ id }) => id);
    const lost = await tell(shut(context, "MY"), ids);
    expect([lost.narrowed.length, lost.widened.length, lost.failed]).toEqual([MANY, 0, []]);
    expect(lost.statements).toBeLessThan(most);
    const given = await tell(context, ids);
    expect([given.narrowed.length, given.widened.length, given.failed]).toEqual([0, MANY, []]);
    expect(given.statements).toBeLessThan(most);
    const [one] = ids;
    // What told of the loss is closed to who has it again.
    expect(await entriesTo("MY", String(one))).toEqual(["released", "withdrawn", "released"]);
    expect(await scene.told("MY", String(one))).toEqual(["released", "released"]);
  });

  test("of which copies go to some, takes no more", async () => {
    const context = await scene.context("SG");
    const told = several("tool", (n) => ({ name: `heron ${n}`, description: `mail tan${n}@victim.example` }));
    await scene.state(context, ...told.map((one) => item(one)));
    const ids = told.map(({ id }) => id);
    const lost = await tell(shut(context, "MY"), ids);
    expect([lost.narrowed.length, lost.failed]).toEqual([MANY, []]);
    expect(lost.statements).toBeLessThan(most);
    const given = await tell(context, ids);
    expect([given.widened.length, given.failed]).toEqual([MANY, []]);
    expect(given.statements).toBeLessThan(most);
  });

  test("for which somebody has to agree, takes no more, and asks each once", async () => {
    const context = await scene.context("SG");
    const told = several("incident", (n) => ({ name: `egret ${n}` }));
    await scene.state(context, ...told.map((one) => item(one, { to: ["MY"] })));
    const ids = told.map(({ id }) => id);
    const withdrawn = await tell(shut(context, "MY"), ids);
    expect(withdrawn.statements).toBeLessThan(most);
    const again = await tell(context, ids);
    expect([again.failed, again.statements < most]).toEqual([[], true]);
    const asked = await askedOf(scene, String(ids[0]));
    expect(asked.map(({ state, asked_by: by }) => [state, by])).toEqual([
      ["lapsed", "person:submitter"],
      ["pending", "person:submitter"],
    ]);
  });

  test("that nobody loses writes nothing, and decides each once", async () => {
    const context = await scene.context("SG");
    const tools = several("tool", (n) => ({ name: `stork ${n}` }));
    await scene.state(context, ...tools.map((one) => item(one)));
    const done = await tell(
      context,
      tools.map(({ id }) => id),
    );
    expect([done.narrowed, done.widened, done.failed]).toEqual([[], [], []]);
    expect(done.statements).toBeLessThan(most / 2);
  });
});

test("what is stated as TLP:RED takes back hundreds by as many statements as one", async () => {
  const context = await scene.context("SG");
  const take = async (many: number) => {
    const items = several("tool", (n) => ({ name: `egret ${n}` }), many).map((one) => item(one));
    await scene.state(context, ...items);
    const ids = items.map(({ object }) => object.id);
    const { statements } = await counted(async (db) => ({
      taken: await takeBackEarlier(db, { ...context, writes: true }, items),
    }));
    expect(await entriesTo("MY", String(ids.at(-1)))).toEqual(["released", "withdrawn"]);
    return statements;
  };
  // What is erased is read fifty at a time.
  const [one, many] = [await take(1), await take(150)];
  expect(many - one).toBeLessThan(10);
});

test("telling of one id reads its versions by parts, however many there are", async () => {
  const context = await scene.context("SG");
  const object = thing("tool", { name: "bittern" });
  const version = (n: number) => ({
    ...object,
    modified: `2026-01-01T00:00:${String(n).padStart(2, "0")}.000Z`,
    description: `${n} a quiet bittern stands. `.repeat(MIB / 52),
  });
  const versions = Array.from({ length: 16 }, (_, n) => version(n));
  for (const one of versions) await scene.state(context, item(one));
  const lost = await tell(shut(context, "MY"), [object.id]);
  expect([lost.narrowed, lost.failed]).toEqual([[object.id], []]);
  expect(lost.read).toBeGreaterThan(MIB);
  expect(lost.read).toBeLessThan(MOST_READ);
  // The newest is told; what is lost beside it is no news to who is told of that.
  const released = versions.map(() => "released");
  expect(await entriesTo("MY", object.id)).toEqual([...released, "withdrawn"]);
  const given = await tell(context, [object.id]);
  expect([given.widened, given.failed]).toEqual([[object.id], []]);
  expect(given.read).toBeLessThan(MOST_READ);
  expect(await entriesTo("MY", object.id)).toEqual([...released, "withdrawn", ...released]);
});

test("what names a thing that somebody loses is closed with it; of very much, it is told afterwards", async () => {
  const context = await scene.context("SG");
  const named = thing("tool", { name: "crane" });
  const times = { published: "2026-01-01T00:00:00.000Z" };
  const naming = several("report", (n) => ({ name: `crane ${n}`, ...times, object_refs: [named.id] }), 230);
  await scene.state(context, item(named), ...naming.map((one) => item(one)));
  /** How many bodies MY can read that name it, and how many that are about it. */
  const readable = async (): Promise<number[]> => {
    const { rows } = await scene.owner.query<{ names: number; all: number }>(
      `SELECT count(*) FILTER (WHERE r.body LIKE '%' || $1 || '%')::int AS names, count(*)::int AS all
         FROM (SELECT DISTINCT r.id, r.body FROM live.rendition r JOIN live.log l ON l.rendition_id = r.id
                 JOIN live.audience_organisation a ON a.audience_id = l.audience_id
                 JOIN core.organisation o ON o.id = a.organisation_id AND o.code = 'MY'
                WHERE r.body LIKE '%"crane%' AND NOT r.withdrawn
                  AND NOT EXISTS (SELECT FROM live.closed c WHERE c.rendition_id = r.id AND c.organisation_id = o.id)) r`,
      [named.id],
    );
    return rows.flatMap(({ names, all }) => [names, all]);
  };
  expect(await readable()).toEqual([naming.length + 1, naming.length + 1]);
  const noTools = withPair(context.policies, ["SG", "MY"], ({ rules }) => ({
    rules: [...rules, ruleAgainst("tool", rules)],
  }));
  const done = await tell({ ...context, policies: noTools }, [named.id]);
  expect([done.narrowed, done.failed]).toEqual([[named.id], []]);
  expect(done.statements).toBeLessThan(STATEMENTS);
  expect((await readable())[0]).toBe(0);
  await scene.settled();
  // By what is in force: the thing is MY's no more until it is decided, and none of them names it.
  expect(await readable()).toEqual([0, naming.length]);
});

function ruleAgainst(type: string, [one]: PairPolicy["rules"]): PairPolicy["rules"][number] {
  const condition = `"if":{"type":["${type}"]},"then":"withhold"`;
  return JSON.parse(
    `{"id":"no-${type}","party":"exporter",${condition},"source":"A test","guide":"${one?.guide}"}`,
  );
}
