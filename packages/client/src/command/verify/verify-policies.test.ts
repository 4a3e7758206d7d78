import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { LogFixture } from "@suar/merkle/testing/log-fixture";
import { PairPolicy, pairName, policyHash, policySet, policySetHash, signPolicy } from "@suar/policy";
import { newPolicyKeys } from "@suar/policy/testing/policy-keys";
import { afterEach, beforeEach, expect, test } from "vitest";
import { answers, at, closeFixture, folder, id, openFixture, suar } from "../../testing/command-fixture.ts";

const seeds = resolve(import.meta.dirname, "../../../../../seeds/policy/pairs");
const read = (name: string) => PairPolicy.parse(JSON.parse(readFileSync(join(seeds, name), "utf8")));
const shipped = read("SG-CN.json");
const first = read("SG-MY.json");
const signed: PairPolicy = { ...first, version: 2, previous: policyHash(first) };

const keys = { SG: newPolicyKeys(), MY: newPolicyKeys() };

// Processes of the command are started, on a machine that others may be using.

beforeEach(async () => {
  await openFixture();
  serve(shipped, signed);
  const pinned = Object.entries(keys).map(([member, { key: publicKey }]) => ({ member, publicKey }));
  writeFileSync(join(folder, "keys.json"), JSON.stringify(pinned));
  const policies = { [pairName(shipped)]: policyHash(shipped), [pairName(signed)]: "0".repeat(64) };
  const index = { schema: "policy-index/1", set: "0".repeat(64), policies };
  writeFileSync(join(folder, "index.json"), JSON.stringify(index));
});
afterEach(closeFixture);

const row = (policy: PairPolicy, standing: string) => ({
  pair: pairName(policy),
  exporter: policy.exporter,
  importer: policy.importer,
  version: policy.version,
  standing,
  hash: policyHash(policy),
  problem: null,
});

const proposalOf = (policy: PairPolicy, proposal: string, inForceFrom: string) => ({
  ...{ id: proposal, pair: pairName(policy), version: policy.version, state: "signed" },
  ...{ hash: policyHash(policy), proposer: "SG", createdAt: at, inForceFrom, missing: [] },
  signatures: (["SG", "MY"] as const).map((member) => ({
    ...{ member, key: "0123456789abcdef", publicKey: keys[member].key, signedAt: at, waivedDiff: false },
    signature: signPolicy(policy, member, keys[member]).signature,
  })),
  policy,
});

/** The same platform, where these versions of SG-MY were signed one after the other; the last is in force. */
function serveVersions(...versions: PairPolicy[]): void {
  const proposals = versions.map((policy, n) => {
    return proposalOf(policy, id.replace(/.$/, String(n)), `2027-01-0${n + 1}T00:00:00Z`);
  });
  const [last, current] = [versions.at(-1), proposals.at(-1)];
  if (last === undefined || current === undefined) throw new Error("no version");
  serve(shipped, last);
  const found = { ...row(last, "signed"), policy: last, proposal: current.id };
  answers["GET /v1/policies/SG-MY"] = { status: 200, body: found };
  for (const one of proposals) answers[`GET /v1/policy-proposals/${one.id}`] = { status: 200, body: one };
  const items = proposals.map(({ policy: _, ...one }) => one);
  answers["GET /v1/policy-proposals"] = { status: 200, body: { items } };
}

/** A platform that tells of two policies; what it says of their signatures is as it was signed. */
function serve(first: PairPolicy, second: PairPolicy, standings = ["shipped", "signed"]): void {
  const rows = [row(first, standings[0] ?? ""), row(second, standings[1] ?? "")];
  answers["GET /v1/policies"] = { status: 200, body: { items: rows } };
  for (const [n, policy] of [first, second].entries()) {
    const proposal = standings[n] === "signed" ? id : null;
    answers[`GET /v1/policies/${pairName(policy)}`] = { status: 200, body: { ...rows[n], policy, proposal } };
  }
  const { signatures } = proposalOf(signed, id, at);
  answers[`GET /v1/policy-proposals/${id}`] = {
    status: 200,
    body: { ...proposalOf(second, id, at), signatures },
  };
}

const verify = async (...args: string[]) => {
  const { code, stdout } = await suar(["verify", "policies", "--json", ...args]);
  return { code, ...JSON.parse(stdout) };
};
const BOTH = ["--keys", "keys.json", "--shipped", "index.json"];

test("what members signed, and what ships, holds", async () => {
  const set = policySet([shipped, signed].map((policy) => ({ policy, standing: "shipped" }))).hash;
  expect(await verify(...BOTH)).toEqual({ code: 0, policies: 2, unchecked: 0, set, findings: [] });
  expect(await verify()).toMatchObject({ code: 0, unchecked: 2 });
});

test("another text than the one that was signed, or that ships, is found", async () => {
  serve({ ...shipped, quota: 7 }, { ...signed, quota: 7 });
  expect(await verify(...BOTH)).toMatchObject({
    code: 1,
    findings: [
      { pair: "SG-CN", why: expect.stringContaining("not the one that ships") },
      { pair: "SG-MY", why: expect.stringContaining("not those that were signed by SG") },
    ],
  });
});

test("a policy that says of itself that it ships, keys of strangers, and a pair that is kept silent about are found", async () => {
  serve(shipped, signed, ["shipped", "shipped"]);
  expect(await verify(...BOTH)).toMatchObject({ code: 1, findings: [{ pair: "SG-MY" }] });
  serve(shipped, signed);
  const strangers = [{ member: "SG", publicKey: newPolicyKeys().key }];
  writeFileSync(join(folder, "keys.json"), JSON.stringify(strangers));
  expect((await verify(...BOTH)).findings).toEqual([
    { pair: "SG-MY", why: "it is signed with a key that you do not know as one of SG" },
  ]);
  answers["GET /v1/policies"] = { status: 200, body: { items: [row(signed, "signed")] } };
  expect((await verify("--shipped", "index.json")).findings).toMatchObject([{ pair: "SG-CN" }]);
});

test("files that cannot be used end with 2", async () => {
  writeFileSync(join(folder, "keys.json"), "[{]");
  expect((await suar(["verify", "policies", "--keys", "keys.json"])).code).toBe(2);
  expect((await suar(["verify", "policies", "--shipped", "nowhere.json"])).code).toBe(2);
});

const next = (policy: PairPolicy, change: Partial<PairPolicy> = {}): PairPolicy => ({
  ...policy,
  ...change,
  version: policy.version + 1,
  previous: policyHash(policy),
});
const third = next(signed, { quota: 3 });

test("an older version in force than the last time is found, and the last time is not forgotten", async () => {
  serveVersions(signed, third);
  expect((await verify(...BOTH)).code).toBe(0);
  const rolledBack = {
    code: 1,
    findings: [{ pair: "SG-MY", why: "version 2 is in force, and version 3 was when you looked last" }],
  };
  serveVersions(signed);
  expect(await verify(...BOTH)).toMatchObject(rolledBack);
  expect(await verify(...BOTH)).toMatchObject(rolledBack);
});

test("a pair that the platform itself cannot verify is found, and has no part in the set", async () => {
  const closed = { ...row(signed, "unverified"), problem: "not-sealed" };
  answers["GET /v1/policies"] = { status: 200, body: { items: [row(shipped, "shipped"), closed] } };
  const answer = { status: 200, body: { ...closed, policy: null, proposal: id } };
  answers["GET /v1/policies/SG-MY"] = answer;
  const set = policySet([{ policy: shipped, standing: "shipped" }]).hash;
  expect(await verify(...BOTH)).toMatchObject({
    ...{ code: 1, set, unchecked: 0 },
    findings: [{ pair: "SG-MY", why: expect.stringContaining("not-sealed") }],
  });
});

test("a record of what was seen that cannot be read is not begun anew", async () => {
  writeFileSync(join(folder, "seen.json"), "{}");
  const { code } = await suar(["verify", "policies", "--state", "seen.json"]);
  expect(code).toBe(2);
});

test("receipts are held against what was in force in their time, for which it takes what ships", async () => {
  serveVersions(signed, third);
  const policies = { "SG-CN": policyHash(shipped), "SG-MY": policyHash(first) };
  const index = { schema: "policy-index/1", set: "0".repeat(64), policies };
  writeFileSync(join(folder, "index.json"), JSON.stringify(index));
  const log = new LogFixture();
  const why = JSON.stringify({ policyHash: policySetHash(policies) });
  log.append({ object: { type: "tool", id: "tool--1" }, to: ["MY"], why });
  mkdirSync(join(folder, "receipts"));
  const receipt = { ...log.receipt(1, "MY"), loggedAt: "2027-02-01T00:00:00.000000Z" };
  writeFileSync(join(folder, "receipts/1.json"), JSON.stringify(receipt));
  expect(await verify(...BOTH, "--receipts", "receipts")).toMatchObject({
    ...{ code: 1, findings: [] },
    receipts: { receipts: 1, findings: [{ code: "other-policies", seq: 1, place: "1.json" }] },
  });
  expect((await suar(["verify", "policies", "--receipts", "receipts"])).code).toBe(2);
});
