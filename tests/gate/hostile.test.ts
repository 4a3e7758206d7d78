import { randomUUID } from "node:crypto";
import {
  type Addressee,
  approve,
  judgeRedRelease,
  type ReleaseContext,
  reevaluate,
  release,
} from "@suar/gate";
import type { PairPolicy } from "@suar/policy";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askedOf, type GateScene, item, officer, openGateScene, thing, withPair } from "./gate-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const again = async (context: ReleaseContext, ...stixIds: string[]) =>
  await scene.write(async (db) => await reevaluate(db, context, { stixIds }));
const agree = async (context: ReleaseContext, id: string | undefined, name: string) =>
  await scene.write(async (db) => await approve(db, context, id ?? "", officer(name)));
const itemsOf = async (member: string, text: string) => {
  const { body } = await scene.as(member).get("/v1/log?after=0&limit=500");
  return body.items.filter((one: any) => JSON.stringify(one.object).includes(text));
};
const pairChanged = (context: ReleaseContext, importer: string, change: Partial<PairPolicy> = {}) => ({
  ...context,
  policies: withPair(context.policies, ["SG", importer], () => change),
});
const SIGNED = {
  id: "x",
  kind: "asean-mcc",
  status: "signed",
  signed: "2025-01-01T00:00:00Z",
  expires: null,
} as const;

describe("an approval", () => {
  const stated = async (context: ReleaseContext) => {
    const object = thing("incident", { name: "flycatcher" });
    await scene.state(context, item(object, { to: ["MY"] }));
    return object;
  };

  test("holds as long as its outcome does, and no longer", async () => {
    const context = await scene.context("SG");
    const { id } = await stated(context);
    expect(await agree(context, (await askedOf(scene, id))[0]?.id, "a")).toBe("released");
    expect(await again(context, id)).toMatchObject({ narrowed: [], widened: [] });
    expect(await scene.told("MY", id)).toEqual(["released"]);
    expect(await askedOf(scene, id)).toMatchObject([{ state: "approved" }]);
    expect(await again(pairChanged(context, "MY"), id)).toMatchObject({ narrowed: [id] });
    expect(await scene.told("MY", id)).toEqual(["withdrawn"]);
    expect((await askedOf(scene, id)).map(({ state }) => state)).toEqual(["approved", "pending"]);
  });

  test("that was let go before that was sealed holds where the log shows it, and is sealed then", async () => {
    const context = await scene.context("SG");
    const { id } = await stated(context);
    const [{ id: request = "" } = {}] = await askedOf(scene, id);
    expect(await agree(context, request, "a")).toBe("released");
    const sealOf = async () =>
      (await scene.owner.query("SELECT settled_seal FROM live.pending_release WHERE id = $1", [request]))
        .rows[0].settled_seal;
    const seal = await sealOf();
    expect(seal).toMatch(/./);
    await scene.owner.query("UPDATE live.pending_release SET settled_seal = NULL WHERE id = $1", [request]);
    expect(await again(context, id)).toMatchObject({ narrowed: [], widened: [], failed: [] });
    expect(await scene.told("MY", id)).toEqual(["released"]);
    expect(await sealOf()).toBe(seal);
  });

  test("by which nothing went out is none, whatever its row says that became of it", async () => {
    const context = await scene.context("SG");
    const { id } = await stated(context);
    const [{ id: request = "" } = {}] = await askedOf(scene, id);
    // All have agreed, and something else was decided by then.
    const soon = { ...SIGNED, signed: "2026-01-01T00:00:00Z" };
    expect(await agree(pairChanged(context, "MY", { basis: soon }), request, "a")).toBe("asked-anew");
    await scene.owner.query(
      "UPDATE live.pending_release SET state = 'approved', settled_at = now(), reason = NULL WHERE id = $1",
      [request],
    );
    await again(context, id);
    expect(await scene.told("MY", id)).toEqual([]);
    const { rows } = await scene.owner.query("SELECT settled_seal FROM live.pending_release WHERE id = $1", [
      request,
    ]);
    expect(rows).toEqual([{ settled_seal: null }]);
  });

  test("is never the submitter's own, whoever had it decided anew", async () => {
    const context = await scene.context("SG");
    const { id } = await stated(context);
    const changed = { ...pairChanged(context, "MY"), word: "system:reevaluation" };
    await again(changed, id);
    const open = (await askedOf(scene, id)).find(({ state }) => state === "pending");
    await expect(agree(changed, open?.id, "submitter")).rejects.toMatchObject({
      code: "second-person-needed",
    });
    expect(await agree(changed, open?.id, "a")).toBe("released");
  });

  test("is for the ground that there was: one that changes by the clock is asked for anew", async () => {
    const soon = `${new Date(Date.now() + 3_000).toISOString().slice(0, 19)}Z`;
    const context = pairChanged(await scene.context("SG"), "MY", { basis: { ...SIGNED, signed: soon } });
    const { id } = await stated(context);
    await new Promise((resolve) => setTimeout(resolve, Date.parse(soon) + 100 - Date.now()));
    expect(await agree(context, (await askedOf(scene, id))[0]?.id, "a")).toBe("asked-anew");
    expect(await scene.told("MY", id)).toEqual([]);
  });
});

describe("what is narrowed", () => {
  const report = (name: string, object_refs: string[]) =>
    thing("report", { name, published: "2026-01-01T00:00:00Z", object_refs });

  test("is named by nothing, however long the way from one to the other", async () => {
    const context = await scene.context("SG");
    const root = thing("tool", { name: "drongo root" });
    const chain = [report("drongo", [root.id])];
    for (let n = 0; n < 8; n++) chain.push(report("drongo", [chain.at(-1)?.id ?? ""]));
    const names = [root, ...chain].map(({ id }) => id);
    const all = report("drongo all", names);
    await scene.state(context, item(root), ...chain.map((one) => item(one)), item(all));
    await scene.state(
      context,
      item({ ...root, modified: "2026-03-01T00:00:00.000Z" }, { tlp: "amber", to: ["MY"] }),
    );
    const live = (await itemsOf("TH", "drongo")).map((one: any) => one.object);
    expect(live.find((one: any) => one.name === "drongo all").object_refs).toHaveLength(chain.length);
    const text = JSON.stringify(live);
    expect(names.filter((id) => text.includes(id))).toEqual([]);
  });

  test("is named by nothing where its referrers name each other, and stays named to who has it", async () => {
    const context = await scene.context("SG");
    const root = thing("tool", { name: "minivet root" });
    const circle = [report("minivet", [root.id]), report("minivet", [root.id]), report("minivet", [root.id])];
    const [a, b, c] = circle.map((one, n) => {
      const next = circle[(n + 1) % circle.length];
      return { ...one, object_refs: [root.id, next?.id ?? ""] };
    });
    if (a === undefined || b === undefined || c === undefined) throw new Error("no circle");
    await scene.state(context, item(root), item(a), item(b), item(c));
    await scene.state(
      context,
      item({ ...root, modified: "2026-03-01T00:00:00.000Z" }, { tlp: "amber", to: ["MY"] }),
    );
    const seen = JSON.stringify((await itemsOf("TH", "minivet")).map((one: any) => one.object));
    expect([root, a, b, c].filter(({ id }) => seen.includes(id))).toEqual([]);
    const kept = (await itemsOf("MY", "minivet")).filter((one: any) => one.object.type === "report");
    expect(kept.map((one: any) => one.object.object_refs.length)).toEqual([2, 2, 2]);
  });

  test("is what turns out to be a victim's, under whatever content it is stated later", async () => {
    const context = await scene.context("SG");
    const address = thing("ipv4-addr", { value: "203.0.113.177" });
    await scene.state(
      { ...context, victims: { names: new Set(), named: new Set(), attackers: new Set() } },
      item(address),
    );
    expect(await itemsOf("MY", "203.0.113.177")).toHaveLength(1);
    await scene.state(
      { ...context, victims: { names: new Set([address.id]), named: new Set(), attackers: new Set() } },
      item(address),
    );
    expect(await itemsOf("MY", "203.0.113.177")).toEqual([]);
    await scene.state(
      { ...context, victims: { names: new Set(), named: new Set(), attackers: new Set() } },
      item({ ...address, defanged: true }),
    );
    expect(await itemsOf("MY", "203.0.113.177")).toEqual([]);
  });
});

test("TLP:RED that a policy keeps from somebody is told to its sender, with the reason", async () => {
  const context = await scene.context("SG");
  const person = (code: string): Addressee => {
    const organisation = context.organisations.find((one) => one.code === code);
    if (organisation === undefined) throw new Error(`there is no ${code}`);
    const id = randomUUID();
    return { person: id, inbox: id, organisation };
  };
  const [my, sg] = [person("MY"), person("SG")];
  const incident = item(thing("incident", { name: "pitta" }), { tlp: "red" });
  const judged = async (...people: Addressee[]) =>
    (
      await judgeRedRelease(scene.inside.realm.write, { ...context, submitter: "person:a", people }, [
        incident,
      ])
    ).outcomes;
  expect(await judged(my)).toMatchObject([{ outcome: "rejected", code: "not-sent" }]);
  const [both] = await judged(my, sg);
  expect(both).toMatchObject({ outcome: "accepted", code: "not-sent-to-all" });
  expect((both as { reason: string }).reason).toContain("would need an approval");
  expect((both as { reason: string }).reason).toContain(my.person);
  expect((both as { reason: string }).reason).not.toContain(sg.person);
  expect(await judged(sg)).toEqual([{ outcome: "accepted", id: incident.object.id }]);
});

describe("a quota", () => {
  const PSEUDONYMS = Object.fromEntries(
    ["person", "email", "phone", "nationalId", "passport", "victimIp", "account"].map((kind) => [
      kind,
      "hmac",
    ]),
  );
  const limited = async (importer: string, quota: number) =>
    pairChanged(await scene.context("SG"), importer, {
      quota,
      rules: [],
      obligations: [],
      personalData: { ...PSEUDONYMS, unlisted: "drop" } as PairPolicy["personalData"],
      basis: SIGNED,
    });
  const tool = (name: string) => thing("tool", { name, description: `${name}@victim.example` });

  test("is one for all organisations of the exporter, also where nothing was counted yet", async () => {
    const context = await limited("PH", 1);
    const bank = context.organisations.find(({ code }) => code === "SG:example-bank");
    if (bank === undefined) throw new Error("SG has no agency");
    const send = async (producer: ReleaseContext["producer"]) =>
      await scene.write(async (db) => {
        await release(db, { ...context, producer }, [item(tool("munia"), { tlp: "amber", to: ["PH"] })]);
        await new Promise((resolve) => setTimeout(resolve, 300));
      });
    await Promise.all([send(context.producer), send(bank)]);
    expect(await itemsOf("PH", "munia")).toHaveLength(1);
  });

  test("is not used up by what it let through, decided anew, or shared on within one jurisdiction", async () => {
    const context = await limited("TH", 2);
    const [first, second] = [tool("oriole"), tool("oriole")];
    await scene.state(context, item(first, { tlp: "amber+strict", to: ["TH"] }));
    await scene.state(context, item(second, { tlp: "amber+strict", to: ["TH"] }));
    expect(await again(context, first.id, second.id)).toMatchObject({ narrowed: [], widened: [] });
    expect(await itemsOf("TH", "oriole")).toHaveLength(2);
    const agencies = await limited("MY", 2);
    const third = tool("oriole");
    await scene.state(agencies, item(third, { tlp: "amber+strict", to: ["MY"] }));
    const shared = item(third, { tlp: "amber+strict", to: ["MY:example-port"] });
    expect(await scene.state(agencies, shared)).toMatchObject([{ code: "shared-further" }]);
    const { rows } = await scene.owner.query(
      "SELECT individuals::int FROM live.individual_count WHERE exporter = 'SG' AND importer = 'MY'",
    );
    expect(rows).toEqual([{ individuals: 1 }]);
  });
});
