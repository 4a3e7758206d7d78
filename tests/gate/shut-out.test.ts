import { openEntry, reevaluate } from "@suar/gate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GateScene, item, openGateScene, thing, withPair } from "./gate-scene.ts";

/*
 * Somebody who writes the database closes an entry to a receiver before it read it: the receiver has no number, no item and
 * no receipt, so that nobody but the originator can find it.
 */
let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const ENDED = { from: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" };
const ORGANISATION = "(SELECT id FROM core.organisation WHERE code = 'MY')";
const WHOLE = (id: string) => `(SELECT id FROM live.rendition WHERE stix_id = '${id}' AND copy_of IS NULL)`;

async function stated(name: string, more: Parameters<typeof item>[1] = {}): Promise<string> {
  const object = thing("tool", { name });
  await scene.state(await scene.context("SG"), item(object, more));
  return object.id;
}

/** What the originator is answered that asks for the receipts of all that it sent of an object. */
async function receipts(id: string): Promise<string> {
  const { gate, producer } = await scene.context("SG");
  const { rows } = await scene.owner.query<{ seq: string }>(
    `SELECT l.seq FROM live.log l JOIN live.rendition r ON r.id = l.rendition_id WHERE r.stix_id = $1 ORDER BY 1`,
    [id],
  );
  try {
    for (const { seq } of rows) await openEntry(scene.inside.realm.write, gate, Number(seq), producer);
    return "given";
  } catch (error) {
    return String(error).replace(/^.*somebody changed /, "");
  }
}

async function stateOf(id: string): Promise<string> {
  const { body } = await scene.as("SG").get(`/v1/explain?object=${id}`);
  return body.stated.recipients.find(({ organisation }: any) => organisation === "MY").state;
}

/** Does what the owner of the database can, and undoes it. */
async function changed<T>(tables: readonly string[], sql: string, look: () => Promise<T>): Promise<T> {
  const { owner } = scene;
  await owner.query("SET session_replication_role = replica");
  for (const table of tables) await owner.query(`CREATE TEMP TABLE kept_${table} AS TABLE live.${table}`);
  try {
    await owner.query(sql);
    return await look();
  } finally {
    for (const table of tables)
      await owner.query(`BEGIN; DELETE FROM live.${table};
        INSERT INTO live.${table} OVERRIDING SYSTEM VALUE TABLE kept_${table}; DROP TABLE kept_${table}; COMMIT`);
    await owner.query("SET session_replication_role = DEFAULT");
  }
}

const close = (id: string, more = "") =>
  `INSERT INTO live.closed (rendition_id, organisation_id${more && ", early"}) SELECT ${WHOLE(id)}, ${ORGANISATION}${more}`;

describe("an entry that was closed to a receiver by nobody's decision", () => {
  test.each([
    ["for good", ""],
    ["as if a pass had still to tell it", ", true"],
  ])("%s: its originator gets no receipt, and is told that it is closed", async (how, early) => {
    const id = await stated(`shut out ${how}`);
    expect([await receipts(id), await stateOf(id)]).toEqual(["given", "released"]);
    const look = async () => [await receipts(id), await stateOf(id), await scene.told("MY", id)];
    expect(await changed(["closed"], close(id, early), look)).toEqual(["to whom it is closed", "closed", []]);
    expect([await receipts(id), await stateOf(id)]).toEqual(["given", "released"]);
  });

  test("with its place among those who have it taken away as well, is missed: nothing told it of a loss", async () => {
    const id = await stated("shut out of its audience");
    const nobody =
      "(SELECT id FROM live.audience WHERE id NOT IN (SELECT audience_id FROM live.audience_organisation WHERE organisation_id = " +
      `${ORGANISATION}) ORDER BY id LIMIT 1)`;
    // Somebody lost something once, so that there is an audience without it.
    const lost = await stated("shut out rightly", { to: ["TH"], tlp: "amber+strict" });
    expect(await receipts(lost)).toBe("given");
    const sql = `${close(id)}; UPDATE live.object_version SET audience_id = ${nobody} WHERE stix_id = '${id}'`;
    const look = async () => await receipts(id);
    expect(await changed(["closed", "object_version"], sql, look)).toBe("who has it");
  });

  test.each([
    ["that nobody set", {}],
    ["that has not come", { limits: { expires: "2999-01-01T00:00:00Z" } }],
  ])("by an end %s", async (how, more) => {
    const id = await stated(`shut out by an end ${how}`, more as any);
    expect(await receipts(id)).toBe("given");
    const sql = `INSERT INTO live.closed (rendition_id, organisation_id, but_for, since)
      SELECT ${WHOLE(id)}, 0, producer, '-infinity' FROM live.rendition WHERE id = ${WHOLE(id)}
      ON CONFLICT (rendition_id, organisation_id) DO UPDATE SET since = excluded.since`;
    const look = async () => [await receipts(id), await stateOf(id)];
    expect(await changed(["closed"], sql, look)).toEqual(["to whom it is closed", "closed"]);
  });

  test("and a withdrawal that is closed to whom it is for", async () => {
    const id = await stated("shut out of a withdrawal");
    expect((await scene.as("SG").post(`/v1/objects/${id}/withdraw`, {})).status).toBe(200);
    await scene.settled();
    expect(await receipts(id)).toBe("given");
    expect(await changed(["closed"], close(id), async () => await receipts(id))).toBe("to whom it is closed");
  });
});

describe("what is closed by a decision", () => {
  test("costs its originator no receipt: told, opened again, told again, and at its end", async () => {
    const id = await stated("rightly closed");
    const context = await scene.context("SG");
    const policies = withPair(context.policies, ["SG", "MY"], () => ({ effective: ENDED }));
    for (const [under, state] of [
      [{ ...context, policies }, "closed"],
      [context, "released"],
      [{ ...context, policies }, "closed"],
    ] as const) {
      await scene.write(async (db) => await reevaluate(db, under, { stixIds: [id] }));
      expect([await receipts(id), await stateOf(id)]).toEqual(["given", state]);
    }
    const ends = new Date(Date.now() + 1_500).toISOString();
    const over = await stated("over soon", { limits: { expires: ends } } as any);
    expect([await receipts(over), await stateOf(over)]).toEqual(["given", "released"]);
    await new Promise((resolve) => setTimeout(resolve, Date.parse(ends) + 100 - Date.now()));
    expect([await receipts(over), await stateOf(over)]).toEqual(["given", "closed"]);
    await scene.settled();
    expect([await receipts(over), await stateOf(over)]).toEqual(["given", "closed"]);
  });
});
