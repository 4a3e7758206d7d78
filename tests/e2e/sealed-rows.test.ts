import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, caller, submitAndWait, until } from "../support/api.ts";
import { connectAs } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { addPerson, publish, redTo, type SignedIn, signInAs } from "../support/sessions.ts";

/*
 * Rows of which nobody holds a receipt, against somebody who writes the database: letters of TLP:RED, which their readers
 * and senders ask for, and the groups that statements are addressed to.
 */
let platform: PlatformProcess;
let owner: pg.Client;
let reader: SignedIn;
let sender: SignedIn;

beforeAll(async () => {
  platform = await startPlatform();
  owner = await connectAs(platform.dataDir, "postgres");
  await owner.query("SET search_path = live");
  reader = await contact("MY");
  sender = await contact("SG");
  const other = await contact("TH");
  const people = [reader, other].map(({ person }) => person);
  await submitAndWait(sender.api, redTo(...people), "value\nred.sealed.example.com\n", "text/csv");
  await until(20_000, "the letters", async () => ((await read()) === 200 ? true : undefined));
  await until(20_000, "the log", async () =>
    (await owner.query("SELECT FROM unsequenced")).rowCount === 0 ? true : undefined,
  );
});
afterAll(async () => {
  await owner?.end();
  await platform?.remove();
});

const withKey = (key: string | undefined): Caller => caller(platform.url, key);
async function contact(member: string): Promise<SignedIn> {
  const officer = withKey(platform.key(member, "officer"));
  const person = await addPerson(officer, "not for others");
  await publish(officer, person, `Duty of ${member}`);
  return await signInAs(officer, person, withKey);
}

/** The status of an answer to the reader who opens the letter. */
async function read(): Promise<number> {
  const { body } = await reader.api.get("/v1/inbox");
  const [item] = body.items;
  return item === undefined ? 404 : (await reader.api.get(`/v1/inbox/${item.id}`)).status;
}
/** Of what was sent, the newest first: whether somebody changed it, and to how many it went. */
const sent = async () => {
  const { status, body } = await sender.api.get("/v1/inbox/sent");
  return { status, letters: body.items?.map((one: any) => [one.changed, one.to.length]) };
};
const CHANGED = { status: 200, letters: [[true, 0]] };

async function changed<T>(table: string, change: string, look: () => Promise<T>): Promise<T> {
  await owner.query("SET session_replication_role = replica");
  await owner.query(`CREATE TABLE kept_before AS SELECT * FROM ${table}`);
  try {
    expect((await owner.query(change)).rowCount, change).toBeGreaterThan(0);
    return await look();
  } finally {
    await owner.query(`BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM ${table};
      INSERT INTO ${table} SELECT * FROM kept_before; DROP TABLE kept_before; COMMIT`);
    await owner.query("SET session_replication_role = DEFAULT");
  }
}

describe("a letter of TLP:RED", () => {
  const theirs = () => `inbox = (SELECT inbox FROM inbox_item WHERE person = '${reader.person}')`;
  const ORGANISATION = "(SELECT id FROM core.organisation WHERE code = 'VN')";

  test("is read, and its sender is told of it", async () => {
    expect(await read()).toBe(200);
    expect(await sent()).toEqual({ status: 200, letters: [[false, 2]] });
  });

  test.each([
    ["body", "replace(body, 'red.sealed', 'other.sealed')"],
    ["body_sha256", "set_byte(body_sha256, 0, 255 - get_byte(body_sha256, 0))"],
    ["content_hash", "set_byte(content_hash, 0, 255 - get_byte(content_hash, 0))"],
    ["submitter", "'person:nobody'"],
    ["submission_id", "gen_random_uuid()"],
    ["producer", ORGANISATION],
    ["organisation_id", ORGANISATION],
    ["objects", "objects + 1"],
    ["rendition_id", "rendition_id + 1"],
    ["expires", "now() + interval '1 year'"],
  ])("of which %s was changed is not read", async (column, value) => {
    const change = `UPDATE inbox_item SET ${column} = ${value} WHERE ${theirs()}`;
    expect(await changed("inbox_item", change, read)).toBe(500);
  });

  test.each(["id = gen_random_uuid()", "person = gen_random_uuid()", "inbox = gen_random_uuid()"])(
    "whose %s is told of to nobody",
    async (change) => {
      const sql = `UPDATE inbox_item SET ${change} WHERE ${theirs()}`;
      expect(await changed("inbox_item", sql, sent)).toEqual(CHANGED);
    },
  );

  test("that is gone is missed by its sender, and by who else had one", async () => {
    const sql = `DELETE FROM inbox_item WHERE ${theirs()}`;
    expect(await changed("inbox_item", sql, sent)).toEqual(CHANGED);
  });

  test("that was rewritten with all of its hashes is not what the log has", async () => {
    const forge = `UPDATE log SET commitment = set_byte(commitment, 0, 255 - get_byte(commitment, 0))
      WHERE rendition_id = (SELECT rendition_id FROM inbox_item LIMIT 1)`;
    expect(await changed("log", forge, read)).toBe(500);
  });

  test("that was changed hides no other, and is taken back all the same", async () => {
    await submitAndWait(sender.api, redTo(reader.person), "value\nred.second.example.com\n", "text/csv");
    const [second, first] = await until(20_000, "both", async () => {
      const { body } = await sender.api.get("/v1/inbox/sent");
      return body.items.length === 2 ? body.items : undefined;
    });
    await until(20_000, "the log", async () =>
      (await owner.query("SELECT FROM unsequenced")).rowCount === 0 ? true : undefined,
    );
    await owner.query("SET session_replication_role = replica");
    await owner.query("UPDATE inbox_item SET objects = objects + 1 WHERE submission_id = $1", [second.id]);
    await owner.query("SET session_replication_role = DEFAULT");
    expect((await sent()).letters).toEqual([
      [true, 0],
      [false, first.to.length],
    ]);
    const { status, body } = await sender.api.send("DELETE", `/v1/inbox/sent/${second.id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: second.id, changed: true, withdrawnAt: expect.any(String) });
  });
});

describe("a group", () => {
  const sg = () => withKey(platform.key("SG"));
  const state = async (): Promise<number> =>
    (
      await sg().raw("/v1/submissions?tlp=green&to=MEKONG", "value\na.example.com\n", {
        "content-type": "text/csv",
      })
    ).status;

  test.each([
    "members = members || 'SG'::text",
    "name = name || 'x'",
    "code = 'MEKONGS'",
    "seal = NULL",
    "seal = (SELECT seal FROM core.recipient_group WHERE code = 'ASEAN')",
  ])(
    "with %s names nobody",
    async (change) => {
      const sql = `UPDATE core.recipient_group SET ${change} WHERE code = 'MEKONG'`;
      await until(20_000, "the group", async () => ((await state()) === 202 ? true : undefined));
      await changed("core.recipient_group", sql, async () => {
        await until(20_000, "a refusal", async () => ((await state()) === 202 ? undefined : true));
        const { troubles } = (await withKey(undefined).get("/readyz")).body;
        expect(troubles).toMatchObject({ groups: expect.any(String) });
        const { items } = (await sg().get("/v1/groups")).body;
        expect(items.map(({ code }: any) => code)).toEqual(["ASEAN"]);
      });
    },
    60_000,
  );
});
