import { beginReplay, type Replayed, reevaluate, replayOn, replayProgress } from "@suar/gate";
import { type PairPolicy, pairOf } from "@suar/policy";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GateScene, item, openGateScene, thing, withPair } from "./gate-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const DAY_MS = 86_400_000;
const NEVER = new AbortController().signal;

/** A pair's next policy, and the set with it in force. */
const changeOf = async (pair: string, change: (policy: PairPolicy) => Partial<PairPolicy>) => {
  const [exporter = "", importer = ""] = pair.split("-");
  const context = await scene.context(exporter);
  const policies = withPair(context.policies, [exporter, importer], change);
  const policy = pairOf(policies, exporter, importer)?.policy;
  if (policy === undefined) throw new Error(`there is no policy ${pair}`);
  return { policy, changed: { ...context, policies } };
};
const policyOf = async (pair: string, change: (policy: PairPolicy) => Partial<PairPolicy>) =>
  (await changeOf(pair, change)).policy;

type Asking = { by: string; policy: PairPolicy; since?: Date; signal?: AbortSignal };

/** All steps of a diff, and its end. */
const replayed = async ({ by, policy, since, signal = NEVER }: Asking) => {
  const asker = await scene.inside.platform.directory.byCode(by);
  if (asker === undefined) throw new Error(`there is no ${by}`);
  const asked = { policy, asker, since: since ?? new Date(Date.now() - 90 * DAY_MS) };
  const { platform, realm } = scene.inside;
  let soFar = await beginReplay(realm, asked);
  // A page at a time, as it is kept in between.
  while (soFar.leg !== "over") {
    const kept = JSON.parse(JSON.stringify(soFar));
    soFar = await replayOn(platform, realm, asked, kept, { withinMs: 1, signal });
    const { done, total } = replayProgress(asked, soFar);
    expect(done).toBeLessThanOrEqual(total);
  }
  const { versions, decisions, unchanged, wider, changes } = soFar;
  return { versions, decisions, unchanged, wider, changes };
};

const examplesOf = ({ changes }: Replayed) => changes.flatMap(({ examples }) => examples);
const idsOf = (diff: Replayed) => examplesOf(diff).map(({ id }) => id);
const said = ({ changes }: Replayed) =>
  changes.map((one) => `${one.contentClass}: ${one.before} > ${one.after}: ${one.count}`);
const tool = (name: string) => thing("tool", { name });

describe("what a policy would have changed", () => {
  test("is nothing where it says what the one in force says", async () => {
    await scene.state(await scene.context("VN"), item(tool("redshank alpha")));
    const same = await policyOf("VN-TH", () => ({}));
    const diff = await replayed({ by: "VN", policy: same });
    expect(diff).toMatchObject({ wider: 0, changes: [] });
    expect(diff.unchanged).toBe(diff.decisions);
    expect(diff.versions).toBeGreaterThan(0);
  });

  test("is what the exporter would no longer send, decided as if the policy's time had come", async () => {
    const object = tool("redshank beta");
    await scene.state(await scene.context("VN"), item(object));
    const later = { from: new Date(Date.now() + DAY_MS).toISOString().replace(/\.\d+Z/, "Z"), until: null };
    const shut = await policyOf("VN-TH", ({ allow }) => ({
      allow: allow.filter((one) => one !== "ttp"),
      effective: later,
    }));
    const diff = await replayed({ by: "VN", policy: shut });
    expect(said(diff)).toEqual([expect.stringMatching(/^ttp: allow > withhold: \d+$/)]);
    expect(diff.wider).toBe(0);
    const [example] = examplesOf(diff);
    expect(example).toMatchObject({ producer: "VN", own: true, before: { decision: "allow" } });
    expect(example?.after.reasons).toMatchObject([
      { code: "class-not-allowed", rule: "pairs/VN-TH.json@2#default" },
    ]);
    expect(idsOf(diff)).toContain(object.id);
  });

  test("counts a version once, however often and in however many copies it went", async () => {
    const context = await scene.context("KH");
    const object = thing("identity", { name: "Redshank Ministry", identity_class: "organization" });
    const shut = await policyOf("KH-LA", () => ({ allow: [] }));
    await scene.state(context, item(object, { tlp: "amber", to: ["LA"] }));
    const once = await replayed({ by: "KH", policy: shut });
    await scene.state(context, item(object, { tlp: "amber", to: ["TH"] }));
    await scene.state(context, item(object, { tlp: "amber", to: ["VN"] }));
    const thrice = await replayed({ by: "KH", policy: shut });
    expect(once.versions).toBe(1);
    expect(thrice).toMatchObject({ versions: 1, decisions: once.decisions });
  });

  test("knows its own by its own id, also where a copy of it is all that went in these days", async () => {
    const context = await scene.context("BN");
    const desk = { identity_class: "organization", contact_information: "desk@redshank.example" };
    const object = thing("identity", { name: "Redshank Office", ...desk });
    await scene.state(context, item(object, { tlp: "amber", to: ["LA"] }));
    const since = new Date();
    await scene.state(context, item(object, { tlp: "amber", to: ["VN"] }));
    const shut = await policyOf("BN-VN", () => ({ allow: [] }));
    const diff = await replayed({ by: "BN", policy: shut, since });
    expect(diff.versions).toBe(1);
    expect(new Set(idsOf(diff))).toEqual(new Set([object.id]));
  });

  test("is told of what was released since, and of nothing before", async () => {
    const context = await scene.context("BN");
    await scene.state(context, item(tool("redshank gamma")));
    const shut = await policyOf("BN-MY", () => ({ allow: [] }));
    expect((await replayed({ by: "BN", policy: shut })).versions).toBeGreaterThan(0);
    const since = new Date();
    expect(await replayed({ by: "BN", policy: shut, since })).toMatchObject({ versions: 0, decisions: 0 });
    await scene.state(context, item(tool("redshank delta")));
    expect((await replayed({ by: "BN", policy: shut, since })).versions).toBe(1);
  });

  test("holds what approval was asked for since, of whatever time the version is", async () => {
    const context = await scene.context("ID");
    const incident = thing("incident", { name: "redshank incident" });
    await scene.state(context, item(incident));
    const since = new Date();
    const free = await policyOf("ID-PH", ({ rules }) => ({
      rules: rules.filter((one) => one.then !== "approve"),
    }));
    expect((await replayed({ by: "ID", policy: free, since })).versions).toBe(0);
    await scene.state(context, item(incident, { to: ["PH"] }));
    const diff = await replayed({ by: "ID", policy: free, since });
    expect(said(diff)).toEqual(["incident: approve > allow: 1"]);
    expect(diff).toMatchObject({ versions: 1, wider: 1 });
    expect(examplesOf(diff)[0]).toMatchObject({ recipient: "PH", before: { approvers: ["ID:officer"] } });
  });

  test("takes relationships with their ends, as the change itself will", async () => {
    const context = await scene.context("PH");
    const [one, other] = [
      tool("redshank epsilon"),
      thing("identity", { name: "Redshank Bank", identity_class: "organization" }),
    ];
    const tie = thing("relationship", {
      relationship_type: "targets",
      source_ref: one.id,
      target_ref: other.id,
    });
    await scene.state(context, item(one), item(other), item(tie));
    const { policy, changed } = await changeOf("PH-SG", ({ allow }) => ({
      allow: allow.filter((each) => each !== "identity"),
    }));
    const diff = await replayed({ by: "PH", policy });
    const lost = examplesOf(diff).filter(({ recipient }) => recipient === "SG");
    expect(new Set(lost.map(({ id }) => id))).toEqual(new Set([other.id, tie.id]));
    expect(lost.find(({ id }) => id === tie.id)?.after.reasons).toMatchObject([{ code: "end-withheld" }]);
    const done = await scene.write(
      async (db) => await reevaluate(db, changed, { stixIds: [one.id, other.id, tie.id] }),
    );
    expect(new Set(done.narrowed)).toEqual(new Set([other.id, tie.id]));
  });

  test("ends with its signal, in the middle", async () => {
    const policy = await policyOf("VN-TH", () => ({}));
    await expect(replayed({ by: "VN", policy, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });

  test("waits for no lock of a release, and leaves none", async () => {
    await scene.state(await scene.context("VN"), item(tool("redshank zeta")));
    const policy = await policyOf("VN-TH", () => ({ allow: [] }));
    await scene.write(async (db) => {
      await db.query("LOCK TABLE individual_count IN EXCLUSIVE MODE");
      await db.query(
        "SELECT pg_advisory_xact_lock(hashtext('release:live'), id) FROM generate_series(1, 40) id",
      );
      expect((await replayed({ by: "VN", policy })).versions).toBeGreaterThan(0);
    });
  });
});

describe("whoever asks", () => {
  const AGENCY = "CN:example-bank";
  const shutting = async () =>
    await policyOf("CN-SG", ({ allow }) => ({ allow: allow.filter((one) => one !== "ttp") }));

  test("is told of its agencies' objects as far as it has them, and counts no others", async () => {
    const policy = await shutting();
    const agency = await scene.context(AGENCY);
    const before = await replayed({ by: "CN", policy });
    const kept = tool("redshank hidden");
    await scene.state(agency, item(kept, { tlp: "amber+strict", to: ["SG"] }));
    expect(await scene.told("SG", kept.id)).toEqual(["released"]);
    expect(await scene.told("CN", kept.id)).toEqual([]);
    expect(await replayed({ by: "CN", policy })).toEqual(before);
    const shown = tool("redshank shown");
    await scene.state(agency, item(shown, { tlp: "amber+strict", to: ["SG", "CN"] }));
    const after = await replayed({ by: "CN", policy });
    expect(after.versions).toBe(before.versions + 1);
    expect(examplesOf(after).filter(({ producer }) => producer === AGENCY)).toMatchObject([
      {
        id: shown.id,
        recipient: "SG",
        own: false,
        before: { decision: "allow" },
        after: { decision: "withhold" },
      },
    ]);
  });

  test("as the importer is told of what it received, for itself, and learns nothing of the rest", async () => {
    const context = await scene.context("CN");
    const wider = await policyOf("CN-SG", ({ allow, rules }) => ({
      allow: [...allow, "vuln.undisclosed", "incident", "victim.notification"],
      allowNamed: [],
      rules: rules.filter((one) => one.then === "redact"),
    }));
    const before = await replayed({ by: "SG", policy: wider });
    await scene.state(
      context,
      item(thing("vulnerability", { name: "redshank undisclosed" })),
      item(thing("incident", { name: "redshank waits" }), { to: ["SG"] }),
      item(tool("redshank for others"), { tlp: "amber", to: ["TH"] }),
    );
    expect(await replayed({ by: "SG", policy: wider })).toEqual(before);
    const exporters = await replayed({ by: "CN", policy: wider });
    expect(said(exporters)).toEqual(
      expect.arrayContaining(["vuln.undisclosed: withhold > allow: 2", "incident: approve > allow: 1"]),
    );
    // Which agencies the importer has, and how many, is its own to tell: they are counted once, whichever there are.
    expect(new Set(examplesOf(exporters).map(({ recipient }) => recipient))).toEqual(new Set(["SG", "SG:*"]));
    const sent = tool("redshank received");
    await scene.state(context, item(sent));
    const diff = await replayed({ by: "SG", policy: await shutting() });
    expect(diff.versions).toBe(before.versions + 1);
    expect(new Set(examplesOf(diff).map(({ recipient }) => recipient))).toEqual(new Set(["SG"]));
    expect(idsOf(diff)).toContain(sent.id);
  });

  test("as the importer knows a copy by the id under which it came", async () => {
    const context = await scene.context("CN");
    const person = thing("identity", {
      name: "Redshank Desk",
      identity_class: "organization",
      contact_information: "wang.wei@redshank.example",
    });
    await scene.state(context, item(person));
    const shut = await policyOf("CN-SG", ({ allow }) => ({
      allow: allow.filter((one) => one !== "identity"),
    }));
    const copy = (await scene.as("SG").get("/v1/log?after=0&limit=500")).body.items.find(
      (one: any) => one.object.name === person.name,
    );
    const diff = await replayed({ by: "SG", policy: shut });
    expect(idsOf(diff)).toEqual([copy.object.id]);
    expect(copy.object.id).not.toBe(person.id);
    expect(JSON.stringify(diff)).not.toContain(person.id);
  });

  test("for the public is told what everybody would get", async () => {
    await scene.state(await scene.context("MM"), item(tool("redshank for all"), { tlp: "clear" }));
    const shut = await policyOf("MM-public", ({ allow }) => ({
      allow: allow.filter((one) => one !== "ttp"),
    }));
    const diff = await replayed({ by: "MM", policy: shut });
    expect(said(diff)).toEqual(["ttp: allow > withhold: 1"]);
    expect(examplesOf(diff)).toMatchObject([{ recipient: "public" }]);
  });
});
