import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { type Member, PairPolicy, policyBytes, policyHash, signPolicy } from "@suar/policy";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../support/api.ts";
import { type GateScene, item, openGateScene, thing } from "./gate-scene.ts";

/* The last signature waits until both members can read what the policy would have changed. */

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
  await scene.state(await scene.context("SG"), item(thing("tool", { name: "sanderling" })));
});
afterAll(async () => await scene?.close());

const officer = (member: string) => scene.as(member, "officer");
type Signer = { member: Member; id: string; privateKey: KeyObject; publicKey: string };

async function signer(member: Member, friend: Member): Promise<Signer> {
  const { privateKey, publicKey: made } = generateKeyPairSync("ed25519");
  const publicKey = Buffer.from(made.export({ format: "jwk" }).x ?? "", "base64url").toString("base64");
  const { body } = await officer(member).post("/v1/policy-keys", { publicKey, label: "office" });
  await officer(friend).post(`/v1/policy-keys/${body.id}/confirm`);
  return { member, id: body.id, privateKey, publicKey };
}

/** A proposal whose diffs, asked for before, a process has taken that does not go on with them. */
async function proposed(pair: string): Promise<{ id: string; policy: PairPolicy }> {
  const [exporter = ""] = pair.split("-");
  const {
    policy: last,
    version,
    hash: previous,
  } = (await officer(exporter).get(`/v1/policies/${pair}`)).body;
  const policy = PairPolicy.parse({ ...last, version: version + 1, previous, allow: [] });
  await scene.owner.query(
    `INSERT INTO live.policy_diff (policy_hash, member, policy, is_proposed, since, until, leased_until)
     SELECT decode($1, 'hex'), member, $2, false, now() - interval '90 days', now(), now() + interval '1 hour'
       FROM unnest($3::text[]) AS member`,
    [policyHash(policy), policyBytes(policy).toString("utf8"), pair.split("-")],
  );
  const made = await officer(exporter).post(`/v1/policies/${pair}/proposals`, { policy });
  expect(made.status, made.text).toBe(201);
  return { id: made.body.id, policy };
}

async function sign({ member, id: key, ...pair }: Signer, of: { id: string; policy: PairPolicy }, more = {}) {
  const { signature } = signPolicy(of.policy, member, { privateKey: pair.privateKey, key: pair.publicKey });
  return await officer(member).post(`/v1/policy-proposals/${of.id}/signatures`, { key, signature, ...more });
}

async function goOn(member: string): Promise<void> {
  await scene.owner.query("UPDATE live.policy_diff SET leased_until = '-infinity' WHERE member = $1", [
    member,
  ]);
  await until(30_000, `the diff for ${member}`, async () => {
    const { rows } = await scene.owner.query(
      "SELECT FROM live.policy_diff WHERE member = $1 AND finished_at IS NULL",
      [member],
    );
    return rows.length === 0 ? true : undefined;
  });
}

test("the last signature is refused until both members' diffs are there, and then given", async () => {
  const [sg, th] = [await signer("SG", "MY"), await signer("TH", "MY")];
  const proposal = await proposed("SG-TH");
  expect((await sign(sg, proposal)).body).toMatchObject({ state: "open", missing: ["TH"] });
  const refused = await sign(th, proposal);
  expect(refused).toMatchObject({ status: 409, body: { code: "diff-not-ready" } });
  expect(refused.body.detail).toContain("SG and TH");
  await goOn("SG");
  expect((await sign(th, proposal)).body.detail).toContain("worked out for TH;");
  await goOn("TH");
  const done = await sign(th, proposal);
  expect(done.body).toMatchObject({ state: "signed" });
  expect(done.body.signatures.map(({ waivedDiff }: any) => waivedDiff)).toEqual([false, false]);
  const { text } = await officer("SG").get(`/v1/policy-proposals/${proposal.id}/diff`);
  expect(JSON.parse(text.trimEnd())).toMatchObject({
    line: "diff",
    diff: { hash: policyHash(proposal.policy), changes: [{ before: "allow", after: "withhold" }] },
  });
});

const waivers = ({ signatures }: any) =>
  signatures.map(({ member, waivedDiff }: any) => [member, waivedDiff]).sort();

test("the last signer does not waive it for the other, a widening as little as a narrowing", async () => {
  const [kh, bn] = [await signer("KH", "MY"), await signer("BN", "MY")];
  const proposal = await proposed("KH-BN");
  expect((await sign(kh, proposal)).body).toMatchObject({ state: "open", missing: ["BN"] });
  const refused = await sign(bn, proposal, { waiveDiff: true });
  expect(refused).toMatchObject({ status: 409, body: { code: "diff-not-ready" } });
  expect(refused.body.detail).toContain("that of KH does not");
  const { body } = await officer("KH").get(`/v1/policy-proposals/${proposal.id}`);
  expect([body.state, body.missing, waivers(body)]).toEqual(["open", ["BN"], [["KH", false]]]);
  // Nor the first for the last.
  expect((await sign(kh, proposal)).body.code).toBe("conflict");
  const again = await sign(kh, proposal, { waiveDiff: true });
  expect(waivers(again.body)).toEqual([["KH", true]]);
  expect((await sign(kh, proposal, { waiveDiff: true })).body.code).toBe("conflict");
  const last = await sign(bn, proposal);
  expect(last.body.code).toBe("diff-not-ready");
  expect(last.body.detail).toContain("that of BN does not");
  expect((await sign(bn, proposal, { waiveDiff: true })).body).toMatchObject({ state: "signed" });
});

test("whoever cannot wait says so, and it stays with the signature and in the activity log", async () => {
  const [vn, la] = [await signer("VN", "MY"), await signer("LA", "MY")];
  const proposal = await proposed("VN-LA");
  expect(waivers((await sign(vn, proposal, { waiveDiff: true })).body)).toEqual([["VN", true]]);
  const done = await sign(la, proposal, { waiveDiff: true });
  expect(done.body).toMatchObject({ state: "signed" });
  expect(waivers(done.body)).toEqual([
    ["LA", true],
    ["VN", true],
  ]);
  const { rows } = await scene.owner.query(
    "SELECT fields FROM core.activity WHERE type = 'policy-signed.v1' AND subject = $1 ORDER BY id",
    [proposal.id],
  );
  expect(rows.map(({ fields }) => fields)).toEqual([{ waivedDiff: true }, { waivedDiff: true }]);
});

test("a waiver by one is no word where the diffs are there, and is kept as it was given", async () => {
  const [ph, tl] = [await signer("PH", "MY"), await signer("TL", "MY")];
  const proposal = await proposed("PH-TL");
  await sign(ph, proposal, { waiveDiff: true });
  expect((await sign(tl, proposal)).body.code).toBe("diff-not-ready");
  await Promise.all([goOn("PH"), goOn("TL")]);
  const done = await sign(tl, proposal);
  expect([done.body.state, waivers(done.body)]).toEqual([
    "signed",
    [
      ["PH", true],
      ["TL", false],
    ],
  ]);
});

test("what a proposal has no diff of is begun by itself, for both", async () => {
  const { policy: last, version, hash: previous } = (await officer("MM").get("/v1/policies/MM-PH")).body;
  const policy = PairPolicy.parse({ ...last, version: version + 1, previous, allow: [] });
  await officer("MM").post("/v1/policies/MM-PH/proposals", { policy });
  const members = await until(30_000, "the diffs", async () => {
    const { rows } = await scene.owner.query(
      "SELECT member FROM live.policy_diff WHERE policy_hash = decode($1, 'hex') AND result IS NOT NULL ORDER BY 1",
      [policyHash(policy)],
    );
    return rows.length === 2 ? rows.map(({ member }) => member) : undefined;
  });
  expect(members).toEqual(["MM", "PH"]);
});

const nextOf = async (pair: string) => {
  const [exporter = ""] = pair.split("-");
  const { policy, version, hash: previous } = (await officer(exporter).get(`/v1/policies/${pair}`)).body;
  return PairPolicy.parse({ ...policy, version: version + 1, previous, allow: [] });
};
const propose = async (pair: string, policy: PairPolicy): Promise<string> => {
  const made = await officer(policy.exporter).post(`/v1/policies/${pair}/proposals`, { policy });
  expect(made.status, made.text).toBe(201);
  return made.body.id;
};
/** Whose diffs of a policy are there, or under way. */
const diffsOf = async (policy: PairPolicy, only = "true"): Promise<string[]> => {
  const { rows } = await scene.owner.query(
    `SELECT member FROM live.policy_diff WHERE policy_hash = decode($1, 'hex') AND ${only} ORDER BY 1`,
    [policyHash(policy)],
  );
  return rows.map(({ member }) => member);
};

test("what was proposed and taken back leaves no diff behind for others to wait for", async () => {
  const policy = await nextOf("KH-BN");
  const id = await propose("KH-BN", policy);
  await until(30_000, "its diffs", async () => (await diffsOf(policy)).length === 2 || undefined);
  expect((await officer("KH").send("DELETE", `/v1/policy-proposals/${id}`)).status).toBe(200);
  await until(30_000, "nothing of it", async () => (await diffsOf(policy)).length === 0 || undefined);
  // Whoever asks for it still is answered, as of a draft.
  const { text } = await officer("KH").get(`/v1/policy-proposals/${id}/diff`);
  expect(JSON.parse(text.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ line: "diff" });
  expect(await diffsOf(policy, "is_proposed")).toEqual([]);
  const again = await propose("KH-BN", policy);
  await until(
    30_000,
    "both again",
    async () => (await diffsOf(policy, "is_proposed")).length === 2 || undefined,
  );
  await officer("KH").send("DELETE", `/v1/policy-proposals/${again}`);
});

test("a draft's diff of days ago is worked out anew once it is proposed, and is not signed by until then", async () => {
  const policy = await nextOf("PH-BN");
  const drafted = async (member: string, age: string) =>
    await scene.owner.query(
      `INSERT INTO live.policy_diff (policy_hash, member, policy, is_proposed, since, until, finished_at, result)
       VALUES (decode($1, 'hex'), $2, $3, false, now() - interval '95 days', now() - interval '5 days',
               now() - $4::interval, '{"old": true}')`,
      [policyHash(policy), member, policyBytes(policy).toString("utf8"), age],
    );
  await drafted("PH", "5 days");
  await drafted("BN", "1 hour");
  const id = await propose("PH-BN", policy);
  const [, kept] = await until(30_000, "both diffs", async () => {
    const { rows } = await scene.owner.query(
      "SELECT result FROM live.policy_diff WHERE policy_hash = decode($1, 'hex') AND is_proposed ORDER BY member DESC",
      [policyHash(policy)],
    );
    const results = rows.map(({ result }) => result);
    // The old one is gone as soon as it is a proposal's.
    if (results.length === 2) expect(results[0]).not.toEqual({ old: true });
    return results.length === 2 && results[0] !== null ? results : undefined;
  });
  expect(kept).toEqual({ old: true });
  await officer("PH").send("DELETE", `/v1/policy-proposals/${id}`);
});
