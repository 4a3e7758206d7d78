import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PairPolicy, pairName, policyHash, policySet, signPolicy } from "@suar/policy";
import { afterEach, beforeEach, expect, test } from "vitest";
import { answers, at, closeFixture, folder, id, openFixture, suar } from "./command-fixture.ts";

const seeds = resolve(import.meta.dirname, "../../../../seeds/policy/pairs");
const read = (name: string) => PairPolicy.parse(JSON.parse(readFileSync(join(seeds, name), "utf8")));
const shipped = read("SG-CN.json");
const signed = { ...read("SG-MY.json"), version: 2 };

function newKey(): { privateKey: KeyObject; key: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const x = publicKey.export({ format: "jwk" }).x ?? "";
  return { privateKey, key: Buffer.from(x, "base64url").toString("base64") };
}
const keys = { SG: newKey(), MY: newKey() };

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
});

/** A platform that tells of two policies; what it says of their signatures is as it was signed. */
function serve(first: PairPolicy, second: PairPolicy, standings = ["shipped", "signed"]): void {
  const rows = [row(first, standings[0] ?? ""), row(second, standings[1] ?? "")];
  answers["GET /v1/policies"] = { status: 200, body: { items: rows } };
  for (const [n, policy] of [first, second].entries()) {
    const proposal = standings[n] === "signed" ? id : null;
    answers[`GET /v1/policies/${pairName(policy)}`] = { status: 200, body: { ...rows[n], policy, proposal } };
  }
  const signatures = (["SG", "MY"] as const).map((member) => ({
    member,
    key: "0123456789abcdef",
    publicKey: keys[member].key,
    signature: signPolicy(signed, member, keys[member]).signature,
    signedAt: at,
  }));
  const { pair, version, hash } = row(second, "signed");
  const proposal = {
    id,
    pair,
    version,
    state: "signed",
    hash,
    proposer: "SG",
    createdAt: at,
    inForceFrom: at,
  };
  answers[`GET /v1/policy-proposals/${id}`] = {
    status: 200,
    body: { ...proposal, missing: [], signatures, policy: second },
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
  const strangers = [{ member: "SG", publicKey: newKey().key }];
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
