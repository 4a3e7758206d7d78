import { approve, pendingOf, reevaluate, refuse } from "@suar/gate";
import type { StixObject, Tlp } from "@suar/stix";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Chance, seededChance } from "../support/seeded-random.ts";
import { type GateScene, item, officer, openGateScene, thing, withPair } from "./gate-scene.ts";

const MEMBERS = ["BN", "CN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN"];
const ENDED = { from: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" };
const chance = seededChance();

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const explained = async (by: string, id: string, more = "") =>
  await scene.as(by).get(`/v1/explain?object=${encodeURIComponent(id)}${more}`);
const recipientsOf = async (by: string, id: string): Promise<any[]> => {
  const { status, body, text } = await explained(by, id);
  if (status !== 200) throw new Error(text);
  return body.stated.recipients;
};
const lineOf = (lines: any[], code: string) => lines.find(({ organisation }) => organisation === code);

/** Who can reach a version at this moment, told from the tables and from nothing in the services. */
async function reachers(producer: string, id: string): Promise<Map<string, string>> {
  const { rows } = await scene.owner.query<{ code: string; shown: string }>(
    `WITH version AS (SELECT v.* FROM live.object_version v JOIN core.organisation p ON p.id = v.producer
                       WHERE p.code = $1 AND v.stix_id = $2 ORDER BY v.withdrawn_at NULLS FIRST, v.rank DESC LIMIT 1)
     SELECT DISTINCT o.code, r.stix_id AS shown
       FROM version v JOIN live.rendition r ON r.id = v.rendition_id OR r.id = ANY (v.copies)
       JOIN live.log l ON l.rendition_id = r.id AND l.kind <> 'withdrawn'
       JOIN live.audience_organisation a ON a.audience_id = l.audience_id
       JOIN core.organisation_code o ON o.id = a.organisation_id
      WHERE NOT r.withdrawn
        AND NOT EXISTS (SELECT FROM live.closed c WHERE c.rendition_id = r.id AND c.organisation_id = o.id)`,
    [producer, id],
  );
  return new Map(rows.map(({ code, shown }) => [code, shown]));
}

/** The ids that each member's log ever said anything of. */
async function toldIds(): Promise<Map<string, Set<string>>> {
  const { rows } = await scene.owner.query<{ code: string; ids: string[] }>(
    `SELECT o.code, array_agg(DISTINCT r.stix_id) AS ids FROM live.log l JOIN live.rendition r ON r.id = l.rendition_id
       JOIN live.audience_organisation a ON a.audience_id = l.audience_id
       JOIN core.organisation_code o ON o.id = a.organisation_id GROUP BY 1`,
  );
  return new Map(rows.map(({ code, ids }) => [code, new Set(ids)]));
}

const pick = <T>(from: readonly T[], { next }: Chance): T => from[Math.floor(next() * from.length)] as T;

const TLPS: readonly Tlp[] = ["clear", "green", "amber", "amber+strict"];
const TO = [[], [], ["MY"], ["MY", "TH"], ["CN"], ["SG:example-bank"], ["MY:example-port"], ["VN", "ID"]];
const PERSONAL = "Reported by tan.ah.kow@victim.example.sg, 192.0.2.7";

function anObject(stated: readonly StixObject[], n: number): StixObject {
  const name = `wagtail ${n}`;
  const ref = () => pick(stated, chance).id;
  const kinds: (() => StixObject)[] = [
    () => thing("tool", { name }),
    () => thing("tool", { name, description: PERSONAL }),
    () => thing("incident", { name }),
    () => thing("vulnerability", { name }),
    () => thing("identity", { name, identity_class: "individual" }),
    () => thing("domain-name", { value: `wagtail-${n}.example` }),
    () => thing("grouping", { name, context: "unspecified", object_refs: [ref(), ref()] }),
    () => thing("relationship", { relationship_type: "related-to", source_ref: ref(), target_ref: ref() }),
    () => thing("note", { content: PERSONAL, object_refs: [ref()] }),
  ];
  return pick(stated.length < 4 ? kinds.slice(0, 6) : kinds, chance)();
}

/** Some are agreed to, some refused, and some wait on. */
async function settle(producer: string): Promise<void> {
  const context = await scene.context(producer);
  for (const { id } of await pendingOf(scene.inside.realm.write, {
    producer: context.producer.id,
    state: "pending",
    limit: 100,
  })) {
    const by = officer("somebody", producer);
    const word = chance.next();
    if (word < 0.4) await scene.write(async (db) => await approve(db, context, id, by));
    else if (word < 0.6) await scene.write(async (db) => await refuse(db, id, by, "no"));
  }
}

async function sow(producer: string, many: number): Promise<StixObject[]> {
  const context = await scene.context(producer);
  const stated: StixObject[] = [];
  for (let n = 0; n < many; n++) {
    const object = anObject(stated, n);
    const said = { tlp: pick(TLPS, chance), to: pick(TO, chance) };
    await scene.state(context, item(object, said));
    if (chance.next() < 0.25) await scene.state(context, item(object, { ...said, to: pick(TO, chance) }));
    stated.push(object);
  }
  await settle(producer);
  const shut = {
    ...context,
    policies: withPair(context.policies, [producer, "TH"], () => ({ effective: ENDED })),
  };
  const some = stated.filter(() => chance.next() < 0.15).map(({ id }) => id);
  await scene.write(async (db) => await reevaluate(db, shut, { stixIds: some }));
  for (const { id } of stated.filter(() => chance.next() < 0.1))
    await scene.as(producer).post(`/v1/objects/${id}/withdraw`);
  await scene.write(async () => undefined);
  return stated;
}

describe.each(["SG", "CN"])("of random things that %s states", (producer) => {
  let stated: StixObject[];
  beforeAll(async () => {
    stated = await sow(producer, 20);
  });

  test("explain tells of every recipient whether it has it, and under which id, as it is in fact", async () => {
    for (const { id, type } of stated) {
      const lines = await recipientsOf(producer, id);
      const facts = await reachers(producer, id);
      const told = new Map(
        lines.filter(({ state }) => state === "released").map((one) => [one.organisation, one.entry.id]),
      );
      const known = new Map([...facts].filter(([code]) => lineOf(lines, code) !== undefined));
      expect(new Map([...told].sort()), `${id}, SUAR_TEST_SEED=${chance.seed}`).toEqual(
        new Map([...known].sort()),
      );
      for (const code of [...facts.keys()].filter((one) => lineOf(lines, one) === undefined)) {
        // An agency of another member, that nobody named: nowhere in the answer, and no more than its line foretells.
        expect(JSON.stringify(lines)).not.toContain(code);
        const { state, agencies } = lineOf(lines, code.slice(0, 2));
        if (state === "released")
          expect(["allow", "redact"], `${type} for ${code}`).toContain(agencies.decision);
      }
      expect(lines.map(({ organisation }) => organisation)).toEqual(
        expect.arrayContaining([...MEMBERS, "public"]),
      );
    }
  });

  test("names a rule of a file wherever something is withheld, left out or waited for", async () => {
    for (const { id } of stated) {
      for (const { now, organisation } of await recipientsOf(producer, id)) {
        if (now === null) continue;
        expect(now.reasons, `${id} for ${organisation}`).not.toEqual([]);
        for (const { rule, file, policy } of now.reasons) {
          expect(file).not.toBeNull();
          if (rule.startsWith("pairs/")) expect(`${policy.pair}.json`).toBe(file.split("/").at(-1));
        }
      }
    }
  });

  test("what it says is decided now is what the gate does when it decides anew", async () => {
    const context = await scene.context(producer);
    for (const { id } of stated) {
      const before = await recipientsOf(producer, id);
      await scene.write(async (db) => await reevaluate(db, context, { stixIds: [id] }));
      const after = await recipientsOf(producer, id);
      for (const { organisation, now, kept, state: was } of before) {
        if (now === null || organisation === "public") continue;
        const { state, differs, kept: since } = lineOf(after, organisation);
        const place = `${id} for ${organisation}, ${was}, SUAR_TEST_SEED=${chance.seed}`;
        if (kept?.approved && now.decision === "approve") {
          // What was agreed to is not asked again, and whoever is given it again has it by the same approval.
          expect({ state, differs, kept: since }, place).toEqual({ state: "released", differs: false, kept });
          continue;
        }
        const gets = now.decision === "allow" || now.decision === "redact";
        expect({ released: state === "released", differs }, place).toEqual({
          released: gets,
          differs: false,
        });
        if (was === "waits" || state === "waits") expect(now.decision, place).toBe("approve");
      }
    }
  });

  test("tells each member its own line or nothing, and nobody of anybody else", async () => {
    const told = await toldIds();
    for (const { id } of stated) {
      const facts = await reachers(producer, id);
      for (const member of MEMBERS.filter((code) => code !== producer)) {
        const shown = facts.get(member);
        if (shown !== id) {
          // Who had it under this id and lost it was told so, and is told nothing else.
          const { status, body } = await explained(member, id);
          const lost = [{ producer, organisation: member, state: "withdrawn", decision: null }];
          if (told.get(member)?.has(id)) expect(body.received, `${id} to ${member}`).toMatchObject(lost);
          else expect(status, `${id} to ${member}`).toBe(404);
        }
        if (shown === undefined) continue;
        const { body, text } = await explained(member, shown);
        expect(body, text).toMatchObject({
          stated: null,
          received: [{ producer, organisation: member }],
          sentRed: [],
        });
        expect(body.received).toHaveLength(1);
        const others = MEMBERS.filter((code) => code !== member && code !== producer);
        for (const other of others) expect(text).not.toMatch(new RegExp(`"${other}["-]|[>-]${other}\\b`));
        if (shown !== id) expect(text).not.toContain(id);
        const alone = await explained(member, shown, `&member=${others[0]}`);
        expect(alone.status).toBe(404);
      }
    }
  });
});

describe("an explanation", () => {
  test("tells what somebody has to agree to, and then who did", async () => {
    const context = await scene.context("SG");
    const object = thing("incident", { name: "wagtail waits" });
    await scene.state(context, item(object, { to: ["MY"] }));
    const waits = lineOf(await recipientsOf("SG", object.id), "MY");
    expect(waits).toMatchObject({ state: "waits", entry: null, kept: null, differs: false });
    expect(waits.now).toMatchObject({ decision: "approve", approvers: ["SG:officer"] });
    expect(waits.now.reasons).toContainEqual(
      expect.objectContaining({
        code: "approval-needed",
        rule: "pairs/SG-MY.json@1#incidents-by-approval",
        file: "seeds/policy/pairs/SG-MY.json",
        policy: { pair: "SG-MY", version: 1, standing: "shipped", page: "/policies/SG-MY" },
        guide: expect.arrayContaining(["guide:victim-notification"]),
      }),
    );
    expect(waits.requests).toMatchObject([{ state: "pending", approvals: [] }]);
    await scene.write(async (db) => await approve(db, context, waits.requests[0].id, officer("a")));
    const done = lineOf(await recipientsOf("SG", object.id), "MY");
    expect(done).toMatchObject({ state: "released", differs: false, requests: [{ state: "approved" }] });
    expect(done.kept.approved).toMatchObject({ approvals: 1, roles: ["SG:officer"] });
    expect(JSON.stringify(done)).not.toContain("person:");
    const { received } = (await explained("MY", done.entry.id)).body;
    expect(received[0].decision.obligations).toEqual(done.kept.obligations);
  });

  test("tells both where what is in force is not what was decided then", async () => {
    const context = await scene.context("SG");
    const object = thing("tool", { name: "wagtail wider" });
    const shut = {
      ...context,
      policies: withPair(context.policies, ["SG", "MY"], () => ({ effective: ENDED })),
    };
    await scene.state(shut, item(object));
    const lines = await recipientsOf("SG", object.id);
    expect(lineOf(lines, "MY")).toMatchObject({
      state: "not-sent",
      differs: true,
      now: { decision: "allow" },
    });
    expect(lineOf(lines, "TH")).toMatchObject({ state: "released", differs: false });
    await scene.write(async (db) => await reevaluate(db, context, { stixIds: [object.id] }));
    await scene.write(async (db) => await reevaluate(db, shut, { stixIds: [object.id] }));
    const closed = lineOf(await recipientsOf("SG", object.id), "MY");
    expect(closed).toMatchObject({ state: "closed", differs: true, entry: { kind: "withdrawn" } });
    expect(closed.kept).toMatchObject({ decision: "allow" });
  });

  test("answers for a version that its originator names, and for none that it has not", async () => {
    const context = await scene.context("SG");
    const object = thing("tool", { name: "wagtail versions" });
    await scene.state(context, item(object, { tlp: "amber", to: ["MY"] }));
    const next = { ...object, modified: "2026-03-01T00:00:00.000Z" };
    await scene.state(context, item(next, { tlp: "amber", to: ["TH"] }));
    const newest = (await explained("SG", object.id)).body.stated;
    expect([newest.version, newest.to]).toEqual(["2026-03-01T00:00:00Z", ["TH"]]);
    const older = (await explained("SG", object.id, "&version=2026-01-01T00:00:00Z")).body.stated;
    expect(lineOf(older.recipients, "MY").state).toBe("released");
    expect((await explained("SG", object.id, "&version=2026-02-01T00:00:00Z")).status).toBe(404);
    expect((await explained("MY", object.id, "&version=2026-01-01T00:00:00Z")).status).toBe(404);
  });

  test("tells one recipient alone, where it is asked to", async () => {
    const context = await scene.context("SG");
    const object = thing("tool", { name: "wagtail alone" });
    await scene.state(context, item(object, { tlp: "amber", to: ["MY", "SG", "TH:nobody"] }));
    const only = async (member: string) =>
      (await explained("SG", object.id, `&member=${member}`)).body.stated;
    expect((await only("SG:example-bank")).recipients).toMatchObject([{ state: "released", agencies: null }]);
    expect((await only("public")).recipients).toMatchObject([
      { state: "not-sent", now: { decision: "withhold" } },
    ]);
    expect((await explained("SG", object.id, "&member=MY:example-port")).status).toBe(404);
    expect((await explained("SG", object.id, "&member=MY:never-was")).status).toBe(404);
    // A key that reads feeds is not told to whom else it went.
    const feed = scene.as("SG", "subscriber");
    expect((await feed.get(`/v1/explain?object=${object.id}`)).status).toBe(404);
  });
});
