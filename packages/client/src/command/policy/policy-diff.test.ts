import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { newPolicyKeys } from "@suar/policy/testing/policy-keys";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  answers,
  at,
  closeFixture,
  folder,
  id,
  openFixture,
  problem,
  suar,
} from "../../testing/command-fixture.ts";

const seed = resolve(import.meta.dirname, "../../../../../seeds/policy/pairs/SG-MY.json");
const policy = { ...JSON.parse(readFileSync(seed, "utf8")), version: 2 };
const told = (decision: string, code: string, rule: string) => ({
  decision,
  reasons: [{ code, rule, source: "a text", paths: [] }],
  approvers: decision === "approve" ? ["SG:officer"] : [],
  fourEyes: false,
  redactions: [],
  obligations: [],
});
const diff = {
  pair: "SG-MY",
  version: 2,
  hash: "0".repeat(64),
  since: at,
  until: at,
  of: "released",
  versions: 1200,
  decisions: 2400,
  unchanged: 2398,
  wider: 0,
  changes: [
    {
      contentClass: "incident",
      before: "approve",
      after: "withhold",
      count: 2,
      wider: 0,
      examples: [
        {
          object: { id: `incident--${id}`, type: "incident", producer: "SG\u001b[2J" },
          recipient: "MY",
          before: told("approve", "approval-needed", "pairs/SG-MY.json@1#named"),
          after: told("withhold", "class-not-allowed", "pairs/SG-MY.json@2#default"),
        },
      ],
    },
  ],
};
const answered = { status: 200, body: { line: "diff", diff } };
const proposal = {
  id,
  pair: "SG-MY",
  version: 2,
  state: "open",
  hash: "0".repeat(64),
  proposer: "SG",
  createdAt: at,
  inForceFrom: null,
  missing: ["MY"],
  signatures: [],
};

beforeEach(openFixture);
afterEach(closeFixture);

function keepKey(): void {
  const { privateKey, key: publicKey } = newPolicyKeys();
  writeFileSync(join(folder, "policy.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
  const key = { id: "0123456789abcdef", member: "SG", publicKey, label: "office", state: "active" };
  answers["GET /v1/policy-keys"] = {
    status: 200,
    body: { items: [{ ...key, createdAt: at, revokedAt: null }] },
  };
  answers[`GET /v1/policy-proposals/${id}`] = { status: 200, body: { ...proposal, policy } };
}

describe("suar policy diff", () => {
  test("tells counts, and by which rules examples are decided so", async () => {
    answers[`GET /v1/policy-proposals/${id}/diff`] = answered;
    const { code, stdout } = await suar(["policy", "diff", id]);
    expect(code).toBe(0);
    expect(stdout).toContain("1,200 versions of objects, 2,400 decisions, 2 of them changed, 0 wider");
    expect(stdout).toMatch(/incident +approve +withhold +2 +0/);
    expect(stdout).toContain(
      "before: approve after SG:officer agree: approval-needed (pairs/SG-MY.json@1#named)",
    );
    expect(stdout).toContain("after:  withhold: class-not-allowed (pairs/SG-MY.json@2#default)");
    expect(stdout).not.toContain("\u001b");
    expect(JSON.parse((await suar(["policy", "diff", id, "--json"])).stdout)).toEqual(diff);
  });

  test("sends a draft for the pair that is named, and no other", async () => {
    writeFileSync(join(folder, "SG-MY.json"), JSON.stringify(policy));
    const sent: unknown[] = [];
    answers["POST /v1/policies/SG-MY/diff"] = (body) => {
      sent.push(JSON.parse(body));
      return answered;
    };
    expect((await suar(["policy", "diff", "SG-MY", "SG-MY.json"])).code).toBe(0);
    expect(sent).toEqual([{ policy }]);
    expect((await suar(["policy", "diff", "SG-TH", "SG-MY.json"])).code).toBe(2);
    expect((await suar(["policy", "diff", "SG-MY"])).code).toBe(2);
    expect(sent).toHaveLength(1);
  });

  test("ends as the answer ends: with its problem, or where it broke off", async () => {
    const late = { ...problem(503, "unavailable").body };
    answers[`GET /v1/policy-proposals/${id}/diff`] = {
      status: 200,
      body: { line: "problem", problem: late },
    };
    const ended = await suar(["policy", "diff", id, "--json"]);
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(JSON.parse(ended.stderr).error.code).toBe("unavailable");
    answers[`GET /v1/policy-proposals/${id}/diff`] = {
      status: 200,
      body: { line: "progress", done: 1, total: 2 },
    };
    expect((await suar(["policy", "diff", id])).code).toBe(7);
  });
});

describe("suar policy sign", () => {
  const signed: string[] = [];
  beforeEach(() => {
    signed.length = 0;
    keepKey();
    answers[`GET /v1/policy-proposals/${id}/diff`] = answered;
    answers[`POST /v1/policy-proposals/${id}/signatures`] = (body) => {
      signed.push(body);
      return { status: 200, body: { ...proposal, policy, closing: false } };
    };
  });

  test("tells what would change, and signs nothing where there is nobody to ask", async () => {
    const { code, stderr } = await suar(["policy", "sign", id, "--key-file", "policy.pem"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/incident +approve +withhold +2 +0/);
    expect(stderr).toContain("--yes");
    expect(signed).toEqual([]);
  });

  test("signs with --yes after it told the same", async () => {
    const { code, stderr } = await suar(["policy", "sign", id, "--key-file", "policy.pem", "--yes"]);
    expect(code, stderr).toBe(0);
    expect(stderr.indexOf("2 of them changed")).toBeLessThan(stderr.indexOf("signing SG-MY version 2"));
    expect(signed).toHaveLength(1);
  });

  test("waits for no diff where it is told to, and tells the platform so", async () => {
    answers[`GET /v1/policy-proposals/${id}/diff`] = problem(503, "unavailable");
    const more = ["--yes", "--waive-diff"];
    const { code, stderr } = await suar(["policy", "sign", id, "--key-file", "policy.pem", ...more]);
    expect(code).toBe(0);
    expect(stderr).not.toContain("cannot be told");
    expect(signed.map((body) => JSON.parse(body).waiveDiff)).toEqual([true]);
  });

  test("says so where the diff cannot be had, and leaves it to who signs", async () => {
    answers[`GET /v1/policy-proposals/${id}/diff`] = problem(403, "forbidden");
    const { code, stderr } = await suar(["policy", "sign", id, "--key-file", "policy.pem", "--yes"]);
    expect(code).toBe(0);
    expect(stderr).toContain("what it would change cannot be told now: because forbidden");
    expect(signed).toHaveLength(1);
  });
});
