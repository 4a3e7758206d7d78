import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, caller, submitAndWait } from "../support/api.ts";
import { connectAs } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { addPerson, publish, redTo, type SignedIn, signInAs } from "../support/sessions.ts";

/** What the role that reads inboxes could read if every check in front of it were forgotten. */
let platform: PlatformProcess;
let db: pg.Client;
let addressee: SignedIn;
let neighbour: SignedIn;
let inboxes: Map<string, string>;
let item: string;

const DENIED = "42501";
const SECRET = "only-in-the-inbox.example.com";

beforeAll(async () => {
  platform = await startPlatform();
  const withKey = (key: string | undefined): Caller => caller(platform.url, key);
  const officer = withKey(platform.key("MY", "officer"));
  const join = async (): Promise<SignedIn> => {
    const person = await addPerson(officer, "Duty");
    await publish(officer, person);
    return await signInAs(officer, person, withKey);
  };
  [addressee, neighbour] = [await join(), await join()];
  const third = await join();
  for (const { person } of [addressee, neighbour, third])
    await submitAndWait(withKey(platform.key("SG")), redTo(person), `value\n${SECRET}\n`, "text/csv");
  // A policy is asked for the rows that there are.
  const { items } = (await third.api.get("/v1/inbox")).body;
  await third.api.get(`/v1/inbox/${items[0].id}`);
  await third.api.post(`/v1/inbox/${items[0].id}/acknowledgement`);
  item = (await addressee.api.get("/v1/inbox")).body.items[0].id;
  const core = await connectAs(platform.dataDir, "suar_core");
  const { rows } = await core.query<{ id: string; person_id: string }>(
    "SELECT id, person_id FROM core.contact",
  );
  inboxes = new Map(rows.map(({ id, person_id }) => [person_id, id]));
  await core.end();
  db = await connectAs(platform.dataDir, "app_inbox_live");
  await db.query("SET search_path = live");
});
afterAll(async () => {
  await db.end();
  await platform.remove();
});

async function codeOf(sql: string, client = db): Promise<string | undefined> {
  return await client.query(sql).then(
    () => undefined,
    (error: { code: string }) => error.code,
  );
}

/** As a person, in a transaction that is taken back. */
async function as<T>(person: string, inbox: string | undefined, work: () => Promise<T>): Promise<T> {
  await db.query("BEGIN");
  try {
    await db.query("SELECT set_config('app.person', $1, true), set_config('app.inbox', $2, true)", [
      person,
      inbox,
    ]);
    return await work();
  } finally {
    await db.query("ROLLBACK");
  }
}

const open = async (): Promise<string | null> =>
  (await db.query<{ body: string | null }>("SELECT open_inbox_item($1, 'a session') AS body", [item])).rows[0]
    ?.body ?? null;
const readsOf = async (): Promise<number> => (await db.query("SELECT FROM inbox_read")).rowCount ?? 0;

describe("the role that reads inboxes", () => {
  test.each(["inbox_item", "inbox_read", "inbox_acknowledgement"])(
    "fails on %s as long as nobody says for whom it reads",
    async (table) => {
      expect(["42704", "22P02"]).toContain(await codeOf(`SELECT count(*) FROM ${table}`));
      expect(["42704", "22P02"]).toContain(await codeOf(`SELECT open_inbox_item('${item}', 'x')`));
    },
  );

  test("sees a person's own items, and of another's neither item nor reading", async () => {
    const ids = async () =>
      (await db.query<{ id: string }>("SELECT id FROM inbox_item")).rows.map(({ id }) => id);
    expect(await as(addressee.person, inboxes.get(addressee.person), ids)).toEqual([item]);
    const others = await as(neighbour.person, inboxes.get(neighbour.person), ids);
    expect(others).toHaveLength(1);
    expect(others).not.toContain(item);
    // Neither the right person with another inbox, as after the end of the first, nor the other way round.
    expect(await as(addressee.person, inboxes.get(neighbour.person), ids)).toEqual([]);
    expect(await as(neighbour.person, inboxes.get(addressee.person), ids)).toEqual([]);
  });

  test("gets a body with the record of its reading, and for others neither", async () => {
    const seen = await as(addressee.person, inboxes.get(addressee.person), async () => [
      await readsOf(),
      (await open())?.includes(SECRET),
      await readsOf(),
    ]);
    expect(seen).toEqual([0, true, 1]);
    for (const [person, inbox] of [
      [neighbour.person, inboxes.get(neighbour.person)],
      [addressee.person, inboxes.get(neighbour.person)],
      [neighbour.person, inboxes.get(addressee.person)],
    ] as const)
      expect(await as(person, inbox, async () => [await open(), await readsOf()])).toEqual([null, 0]);
  });

  test.each([
    "SELECT body FROM inbox_item",
    "SELECT * FROM inbox_item",
    "SELECT submitter FROM inbox_item",
    "INSERT INTO inbox_read (item_id, person, session) VALUES (gen_random_uuid(), gen_random_uuid(), 'x')",
    "DELETE FROM inbox_read",
    "UPDATE inbox_item SET body = ''",
    "SELECT FROM log",
    "SELECT FROM rendition",
    "SELECT FROM submission_chunk",
    "SELECT FROM inbox_object",
    "SET ROLE app_write_live",
    "ALTER TABLE inbox_item DISABLE ROW LEVEL SECURITY",
  ])("may not: %s", async (sql) => {
    expect(await codeOf(sql)).toBe(DENIED);
  });

  test("acknowledges nothing that is another's", async () => {
    const sql = `INSERT INTO inbox_acknowledgement (item_id, person) VALUES ('${item}', '${neighbour.person}')`;
    expect(await as(neighbour.person, inboxes.get(neighbour.person), async () => await codeOf(sql))).toBe(
      DENIED,
    );
    expect(await as(addressee.person, inboxes.get(addressee.person), async () => await codeOf(sql))).toBe(
      DENIED,
    );
  });
});

test.each(["app_read_live", "log_tail_live", "app_write_live", "suar_core"])(
  "%s reads no body, and has no way to one",
  async (role) => {
    const client = await connectAs(platform.dataDir, role);
    expect(await codeOf("SELECT body FROM live.inbox_item", client)).toBe(DENIED);
    expect(await codeOf(`SELECT live.open_inbox_item('${item}', 'x')`, client)).toBe(DENIED);
    await client.end();
  },
);

test("what is read is recorded with the session that read it", async () => {
  expect((await addressee.api.get(`/v1/inbox/${item}`)).text).toContain(SECRET);
  const admin = await connectAs(platform.dataDir, "postgres");
  const { rows } = await admin.query<{ session: string; person: string }>(
    "SELECT session, person FROM live.inbox_read WHERE item_id = $1",
    [item],
  );
  await admin.end();
  expect(rows).toEqual([{ session: addressee.key.split("_")[1], person: addressee.person }]);
});
