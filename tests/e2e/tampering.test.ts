import { rmSync } from "node:fs";
import { join } from "node:path";
import { growingTree, growTree, serializeFrontier } from "@suar/merkle";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caller, until, wholeLog } from "../support/api.ts";
import { FOUND, REMOVED } from "./tampering/findings.ts";
import { Member } from "./tampering/member.ts";
import { type TamperScene, tamperScene } from "./tampering/scene.ts";
import { ELSEWHERE, FLIPPED, otherValue, SEEN_BY, UNSEEN } from "./tampering/tables.ts";
import { columnsOf, named, rowIn, tampered, whatIsFound } from "./tampering/tampered.ts";

/** The owner of the database changes what is written in it; members find out by what they kept, with `suar verify`. */
let scene: TamperScene;

beforeAll(async () => {
  scene = await tamperScene();
});
afterAll(async () => {
  await scene?.owner.end();
  for (const member of Object.values(scene?.members ?? {})) member.remove();
  await scene?.platform.remove();
});

const CODES = new Map(Object.entries(FOUND).flatMap(([code, names]) => names.map((name) => [name, code])));
const codesOf = (found = "") => [...found.matchAll(/(?:: |, )([a-z]+(?:-[a-z]+)*)/g)].map(([, code]) => code);

const finderOf = (table: string, column = "") =>
  scene.members[SEEN_BY[`${table}.${column}`] ?? FLIPPED[table]?.by ?? "SG"];
const policyOf = (table: string) => (FLIPPED[table]?.strict ? ("witnesses" as const) : undefined);

describe("a change of the database", () => {
  test("is none before there is one", async () => {
    expect(await whatIsFound(scene, "witnesses")).toBeUndefined();
  });

  test("has a place for every table and column that there is", async () => {
    const columns = await columnsOf(scene);
    const tables = new Set(columns.map(({ table }) => table));
    const placed = [...Object.keys(FLIPPED), ...Object.keys(ELSEWHERE)];
    expect(placed.toSorted()).toEqual([...tables].sort());
    const names = new Set(columns.map(({ table, column }) => `${table}.${column}`));
    expect(Object.keys(UNSEEN).filter((name) => !names.has(name))).toEqual([]);
    expect(Object.keys(UNSEEN).filter((name) => FLIPPED[name.replace(/\.\w+$/, "")] === undefined)).toEqual(
      [],
    );
  });

  test("of any column that is on the road of a release is found by a member that it concerns", async () => {
    const otherwise: Record<string, string> = {};
    const columns = await columnsOf(scene);
    for (const table of Object.keys(FLIPPED))
      for (const { column, type } of columns.filter((one) => one.table === table)) {
        const name = `${table}.${column}`;
        if (UNSEEN[name] !== undefined) continue;
        const value = named(scene, otherValue(table, column, type));
        const change = `UPDATE ${table} SET ${column} = ${value} WHERE ${rowIn(scene, table, column)}`;
        const look = async () => await finderOf(table, column).look(policyOf(table));
        const code = CODES.get(name) ?? "a place in FOUND";
        const found = await tampered(scene, table, change, async () => {
          const blind = await scene.blindly(look);
          if (code !== "platform-refuses") return blind;
          // That alone is the platform's own: what a member finds by itself has a code of its own.
          return blind === undefined ? await look() : `found without the platform: ${blind}`;
        });
        if (!codesOf(found).includes(code) || found?.startsWith("found without"))
          otherwise[name] = `${found}`;
      }
    expect(otherwise).toEqual({});
    expect(await whatIsFound(scene)).toBeUndefined();
  });

  test("that removes a row, of any of these tables, is found", async () => {
    const otherwise: Record<string, string | undefined> = {};
    for (const table of Object.keys(FLIPPED)) {
      const look = async () => await finderOf(table).look(policyOf(table));
      const change = `DELETE FROM ${table} WHERE ${rowIn(scene, table)}`;
      const found = await tampered(scene, table, change, look);
      const codes: readonly unknown[] = [REMOVED[table]].flat();
      if (!codesOf(found).some((code) => codes.includes(code))) otherwise[table] = found;
    }
    expect(otherwise).toEqual({});
  });

  test.each([
    ["{limited}", "limits = NULL"],
    ["{limited}", "limits = NULL, first_said = limits::text"],
    ["{victim}", "is_victims = false"],
    ["{victim}", "form = 1"],
  ])("of how %s was stated, to %s, is found", async (id, change) => {
    const stixId = scene.rows[id.slice(1, -1)];
    const sql = `UPDATE object_version SET ${change} WHERE stix_id = '${stixId}'`;
    const found = await tampered(scene, "object_version", sql, async () => await scene.members.SG.look());
    expect(codesOf(found)).toContain("platform-refuses");
  });

  test("that inserts an entry is found: there is no receipt of it, and the pen writes nothing more", async () => {
    const forged = `INSERT INTO log (seq, logged_at, kind, rendition_id, audience_id, commitment, leaf)
      SELECT (SELECT max(seq) + 1 FROM log), now(), kind, rendition_id, ${TO_ALL}, commitment, leaf
        FROM log WHERE seq = ${scene.rows.seq}`;
    await tampered(scene, "log", forged, async () => {
      await tampered(scene, "log_head", "UPDATE log_head SET seq = seq + 1", async () => {
        expect(await scene.members.TH.look()).toMatch(/no-receipt \d+/);
        await penRefuses();
      });
    });
    await penGoesOn();
  });

  test("that takes an object back without its originator is found", async () => {
    const stub = 'format(\'{"type":"%s","id":"%s","modified":"2026-01-07T00:00:00.000Z"}\', type, stix_id)';
    const change = `UPDATE rendition SET withdrawn = true, body = ${stub}, sha256 = sha256(convert_to(body, 'UTF8'))
      WHERE ${rowIn(scene, "rendition")}`;
    const found = await tampered(scene, "rendition", change, async () => await scene.members.MY.look());
    expect(found).toBe(`reconcile: forged-withdrawal ${scene.rows.seq}`);
  });

  test("that closes an entry is found by whom it is closed to, who had it, and by its originator", async () => {
    const { rows, members } = scene;
    const found = await tampered(scene, "closed", closeToMY(), async () => await members.MY.look());
    expect(found).toBe(`reconcile: gap ${rows.seq}`);
  });

  test("that closes an entry before anybody read it is found by its originator, who is told that it is closed", async () => {
    const { rows, members, platform } = scene;
    const late = new Member(platform, "MY");
    const state = async () => {
      const { body } = await members.SG.api.get(`/v1/explain?object=${rows.secret}`);
      return body.stated.recipients.find(({ organisation }: any) => organisation === "MY").state;
    };
    expect(await state()).toBe("released");
    await tampered(scene, "closed", closeToMY(), async () => {
      await late.keep();
      // It has neither a number nor an item nor a receipt of it: nothing is missing.
      expect(await late.reconciled()).toBeUndefined();
      expect(await members.SG.look()).toMatch(`verify fetch: platform-refuses ${rows.seq};`);
      expect(await state()).toBe("closed");
    });
    late.remove();
  });

  test("that opens what was closed is found by its originator", async () => {
    const { rows, members } = scene;
    const change = `DELETE FROM closed WHERE organisation_id = (SELECT id FROM core.organisation WHERE code = 'TH')
      AND rendition_id = (SELECT rendition_id FROM closed JOIN rendition r ON r.id = rendition_id JOIN core.organisation o
                             ON o.id = organisation_id WHERE o.code = 'TH' AND r.stix_id = '${rows.marked}' AND NOT r.closes
                          ORDER BY 1 DESC LIMIT 1)`;
    const found = await tampered(scene, "closed", change, async () => await members.SG.look());
    expect(found).toMatch(/^verify fetch: platform-refuses \d+/);
  });

  test("that says that somebody acknowledged a recall is found by who did not", async () => {
    const change = `INSERT INTO recall_acknowledgement (recall_id, organisation_id, by)
      SELECT '${scene.rows.recall}', id, 'person:nobody' FROM core.organisation WHERE code = 'TH'`;
    const found = await tampered(
      scene,
      "recall_acknowledgement",
      change,
      async () => await scene.members.TH.look(),
    );
    expect(found).toBe("words: forged-word -");
  });

  test("that recalls what nobody took back is found", async () => {
    const id = "5f1c6d0e-7a4b-4a52-9f0e-2f2f0e0c7a0e";
    const recall = `INSERT INTO recall (id, producer, stix_id, withdrawn_at, due_at, renditions)
      SELECT '${id}', producer, stix_id, now(), now(), '{}' FROM rendition WHERE id = ${scene.rows.rendition}`;
    const receiver = `INSERT INTO recall_receiver (recall_id, organisation_id, known_as)
      SELECT '${id}', id, '{${scene.rows.secret}}' FROM core.organisation WHERE code = 'MY'`;
    const look = async () => await scene.members.MY.look();
    const found = await tampered(
      scene,
      "recall",
      recall,
      async () => await tampered(scene, "recall_receiver", receiver, look),
    );
    expect(found).toBe("words: forged-recall -");
  });

  test.each([
    "epoch = 'ffffffff'",
    "seq = seq - 1",
    "seq = seq + 1",
    "frontier = set_byte(frontier, 20, 255 - get_byte(frontier, 20))",
  ])(
    "of the log's head, %s, stops the pen",
    async (change) => {
      await tampered(scene, "log_head", `UPDATE log_head SET ${change}`, penRefuses);
      await penGoesOn();
    },
    60_000,
  );
});

const closeToMY = () => `INSERT INTO closed (rendition_id, organisation_id)
  SELECT ${scene.rows.rendition}, id FROM core.organisation WHERE code = 'MY'`;

/** The audience of what went to the community. */
const TO_ALL = `(SELECT l.audience_id FROM log l JOIN rendition r ON r.id = l.rendition_id
  JOIN audience_organisation a ON a.audience_id = l.audience_id JOIN core.organisation o ON o.id = a.organisation_id
  WHERE r.tlp = 'green' AND r.copy_of IS NULL AND o.code = 'TH' LIMIT 1)`;

describe("an approval that nobody gave", () => {
  test("lets nothing go: it is asked anew, and the officer's member finds the word that is none", async () => {
    const { owner, waiting, members } = scene;
    const approval = {
      actor: "person:nobody",
      word: "person:nobody",
      role: "SG:officer",
      at: "2026-03-01T00:00:00.000Z",
    };
    await owner.query(
      "UPDATE pending_release SET state = 'approved', settled_at = now(), settled_by = 'person:nobody', approvals = $1 WHERE id = $2",
      [JSON.stringify([approval]), waiting.approval],
    );
    // Decided anew, for whatever reason, it goes to whom it was asked for.
    await members.SG.say("analyst", "marking", waiting.object, "--to", "MY,TH");
    const { rows: asked } = await owner.query(
      "SELECT organisations FROM pending_release WHERE stix_id = $1 AND state = 'pending' AND id <> $2",
      [waiting.object, waiting.approval],
    );
    expect(asked, "MY and TH wait, each for an approval of its own").toHaveLength(2);
    const { rowCount } = await owner.query(
      `SELECT FROM log l JOIN rendition r ON r.id = l.rendition_id
         JOIN audience_organisation a ON a.audience_id = l.audience_id JOIN core.organisation o ON o.id = a.organisation_id
        WHERE r.stix_id = $1 AND o.code <> 'SG' UNION ALL SELECT FROM unsequenced`,
      [waiting.object],
    );
    expect(rowCount, "nothing of it was written to anybody else").toBe(0);
    expect(await members.SG.look()).toMatch(/^words: forged-word/);
    await owner.query("UPDATE pending_release SET state = 'lapsed', approvals = '[]' WHERE id = $1", [
      waiting.approval,
    ]);
    expect(await members.SG.look()).toBeUndefined();
  });
});

describe("an approval of what went whole, and was given out again", () => {
  test("is shown to who got it, is known to whose officer gave it, and is found when it is changed", async () => {
    const { members, rows } = scene;
    const items = await wholeLog(members.MY.api);
    const got = items.findLast(({ object }) => object.name === "whole.tamper.example.com");
    const { text } = await members.MY.api.get(`/v1/tlog/receipts/${got.seq}`);
    expect(text).toContain("SG:officer");
    expect(await members.SG.lookWith(members.MY)).toBeUndefined();
    const other = `jsonb_set(approvals, '{0,word}', '"person:nobody"')`;
    const change = `UPDATE pending_release SET approvals = ${other} WHERE id = '${rows.whole}'`;
    const look = async () => await members.SG.look();
    expect(await tampered(scene, "pending_release", change, look)).toMatch(/^words: /);
  });
});

const troubles = async () => (await caller(scene.platform.url, undefined).get("/readyz")).body.troubles;

/** It has something to write, and does not. */
async function penRefuses(): Promise<void> {
  const line = `value\n${crypto.randomUUID()}.example.com\n`;
  const type = { "content-type": "text/csv" };
  const { status } = await scene.members.SG.api.raw("/v1/submissions?tlp=green", line, type);
  expect(status).toBe(202);
  await until(10_000, "the trouble", async () => (await troubles())?.["log:live"]);
}

async function penGoesOn(): Promise<void> {
  await until(20_000, "the end of the trouble", async () =>
    (await troubles()) === undefined ? true : undefined,
  );
  await until(10_000, "a log that goes on", async () =>
    (await scene.owner.query("SELECT FROM unsequenced")).rowCount === 0 ? true : undefined,
  );
  // A receipt waits for the next checkpoint.
  await until(10_000, "nothing wrong", async () =>
    (await whatIsFound(scene)) === undefined ? true : undefined,
  );
}

test("a history that is rewritten throughout, tiles, head and checkpoints, is found by a member's own checkpoint", async () => {
  const { owner, platform, members } = scene;
  await owner.query(`UPDATE log SET leaf = sha256('another entry') WHERE seq = 5`);
  const { rows: leaves } = await owner.query<{ leaf: Buffer }>("SELECT leaf FROM log ORDER BY seq");
  const { tree } = growTree(
    growingTree(0, () => new Uint8Array()),
    leaves.map(({ leaf }) => leaf),
  );
  await owner.query("UPDATE tree_tile SET hashes = $1 WHERE level = 1", [Buffer.from(tree.partial[1] ?? [])]);
  await owner.query("UPDATE log_head SET frontier = $1", [Buffer.from(serializeFrontier(tree))]);
  await owner.query("DELETE FROM cosignature");
  await owner.query("DELETE FROM checkpoint");
  rmSync(join(platform.dataDir, "checkpoints"), { recursive: true });
  // The pen knows nothing better any more: it signs what it finds.
  await owner.end();
  await platform.stop();
  await platform.restart();
  await until(10_000, "a checkpoint of the new history", async () =>
    (await members.SG.api.get("/v1/tlog/checkpoint")).status === 200 ? true : undefined,
  );
  expect(await troubles()).toBeUndefined();
  for (const member of Object.values(members)) expect(await member.look()).toContain("other-history");
});
