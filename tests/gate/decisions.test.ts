import { openEntry } from "@suar/gate";
import { Member } from "@suar/policy";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type CountedIndividuals,
  IndividualCount,
} from "../../packages/client/src/command/proofs/count-individuals.ts";
import { type GateScene, item, openGateScene, thing, withPair } from "./gate-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const CONTACT = "tan.ah.kow@victim.example.sg";

function indicator(host: string, contact = CONTACT) {
  const said = { name: host, pattern: `[domain-name:value = '${host}']`, pattern_type: "stix" };
  const more = {
    valid_from: "2026-01-01T00:00:00Z",
    description: `Reported by ${contact} of wordof${host.slice(0, 4)}`,
  };
  return thing("indicator", { ...said, ...more });
}

const search = async (member: string, q: string) =>
  (await scene.as(member).get(`/v1/search?q=${encodeURIComponent(q)}`)).body.items;

test("whoever is decided over stands under the law of one of the twelve members, that of its own", async () => {
  const { organisations } = await scene.context("SG");
  expect(organisations.filter(({ kind }) => kind === "agency").length).toBeGreaterThan(3);
  for (const { code, member, kind, jurisdiction } of organisations) {
    expect(jurisdiction, code).toBeUndefined();
    if (kind !== "public") expect(Member.options, code).toContain(member);
    expect(code.split(":")[0], code).toBe(member);
  }
});

describe("an object with personal data", () => {
  test("crosses the border without it, as one copy for all, under an id that is stable over its versions", async () => {
    const context = await scene.context("SG");
    const host = "aaaa.gate.example";
    const first = indicator(host);
    await scene.state(context, item(first, { keys: [`domain:${host}`] }));
    const [own] = await search("SG", host);
    expect(own.object).toMatchObject({ id: first.id, description: first.description });
    const [copy] = await search("MY", host);
    expect(copy.object.id).not.toBe(first.id);
    expect(copy.object.description).not.toContain("tan.ah.kow");
    expect(JSON.stringify(copy)).not.toContain(first.id);
    expect((await search("TH", host))[0].object.id).toBe(copy.object.id);
    const next = {
      ...first,
      modified: "2026-02-01T00:00:00.000Z",
      description: `Still ${CONTACT}, and 91234567 (phone)`,
    };
    await scene.state(context, item(next, { keys: [`domain:${host}`] }));
    const [later] = await search("MY", host);
    expect(later.object).toMatchObject({ id: copy.object.id, modified: next.modified });
  });

  test("is found by what its copy says and by nothing that was left out", async () => {
    const host = "bbbb.gate.example";
    await scene.state(await scene.context("SG"), item(indicator(host), { keys: [`domain:${host}`] }));
    expect(await search("SG", `reported ${CONTACT}`)).not.toEqual([]);
    expect(await search("MY", `reported ${CONTACT}`)).toEqual([]);
    expect(await search("MY", "wordofbbbb")).toHaveLength(1);
    const about =
      "SELECT count(*)::int AS n FROM live.observable o JOIN live.rendition r ON r.id = o.rendition_id WHERE o.key = $1";
    const rows = await scene.owner.query<{ n: number }>(about, [`domain:${host}`]);
    expect(rows.rows[0]?.n, "one row of the key for the original and its copy").toBe(1);
  });

  test("keeps its decision beside each entry: which rules, and what was left out", async () => {
    const host = "cccc.gate.example";
    await scene.state(await scene.context("SG"), item(indicator(host)));
    const { rows } = await scene.owner.query<{ body: string }>(
      `SELECT d.body FROM live.log l JOIN live.rendition r ON r.id = l.rendition_id JOIN live.decision d ON d.id = l.decision_id
        WHERE r.body LIKE '%' || $1 || '%' ORDER BY r.copy_of NULLS FIRST`,
      [host],
    );
    const [whole, copy] = rows.map(({ body }) => JSON.parse(body));
    expect(whole).toMatchObject({ decision: "allow", redactions: [] });
    expect(copy).toMatchObject({
      decision: "redact",
      redactions: [{ path: "/description", op: "drop", class: "email" }],
      pii: { email: 1 },
    });
    expect(copy.reasons.map(({ rule }: { rule: string }) => rule).join()).toContain("pairs/SG-MY.json");
    expect(copy.policyHash).toBe((await scene.context("SG")).policies.hash);
  });

  test("is other copies for members with other operations, each with an id of its own", async () => {
    const made = await scene.context("SG");
    const policies = withPair(made.policies, ["SG", "CN"], () => ({ rules: [] }));
    const host = "dddd.gate.example";
    const before = await scene.owner.query("SELECT FROM live.decision");
    await scene.state(
      { ...made, policies },
      ...Array.from({ length: 50 }, (_, n) => item(indicator(`${n}.${host}`))),
    );
    const ids = await Promise.all(
      ["SG", "CN", "MY"].map(async (member) => (await search(member, `1.${host}`))[0].object.id),
    );
    expect(new Set(ids).size).toBe(3);
    const after = await scene.owner.query("SELECT FROM live.decision");
    expect((after.rowCount ?? 0) - (before.rowCount ?? 0), "decisions are interned").toBeLessThanOrEqual(3);
  });

  test("counts the people whose data goes over in any form, and no more than the quota", async () => {
    const made = await scene.context("SG");
    const policies = withPair(made.policies, ["SG", "CN"], () => ({ rules: [], quota: 3 }));
    const context = { ...made, policies };
    const all = Array.from({ length: 5 }, (_, n) => indicator(`${n}.eeee.gate.example`));
    await scene.owner.query("DELETE FROM live.individual_count");
    const first = (await scene.owner.query("SELECT max(seq)::int + 1 AS seq FROM live.log")).rows[0].seq;
    await scene.state(context, ...all.map((one) => item(one)));
    const { rows } = await scene.owner.query(
      "SELECT exporter, importer, individuals::int FROM live.individual_count",
    );
    expect(rows).toEqual([{ exporter: "SG", importer: "CN", individuals: 3 }]);
    expect(await countedAnew(first), "by the exporter's receipts").toEqual([
      { exporter: "SG", importer: "CN", year: new Date().getUTCFullYear(), individuals: 3 },
    ]);
    expect(await search("CN", "wordof0.ee")).not.toEqual([]);
    expect(await search("CN", "wordof4.ee")).toEqual([]);
    expect(await search("MY", "wordof4.ee")).not.toEqual([]);
  });
});

/** As the exporter finds it by what its own receipts open, from an entry on. */
async function countedAnew(first: number): Promise<CountedIndividuals[]> {
  const { gate, producer } = await scene.context("SG");
  const { rows } = await scene.owner.query("SELECT seq::int FROM live.log WHERE seq >= $1 ORDER BY seq", [
    first,
  ]);
  const count = new IndividualCount();
  for (const { seq } of rows) {
    const opened = await openEntry(scene.inside.realm.write, gate, seq, producer);
    if (opened === undefined) throw new Error(`entry ${seq} does not open`);
    const { loggedAt, kind, groups } = opened;
    const values = Object.fromEntries(
      Object.entries(groups).flatMap(([name, group]) => ("value" in group ? [[name, group.value]] : [])),
    );
    count.add({ head: { origin: "", seq, loggedAt, kind }, values });
  }
  return count.counts;
}
