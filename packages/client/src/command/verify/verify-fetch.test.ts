import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_QUORUM } from "@suar/merkle";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answers, closeFixture, folder, problem, suar } from "../../testing/command-fixture.ts";
import { found, indicator, keepAll, log, offline, openLog, reconcile } from "../../testing/verify-fixture.ts";

// Processes of the command are started, on a machine that others may be using.

beforeEach(openLog);
afterEach(closeFixture);

test("verify fetch writes the receipts that are missing, and the policy that is proposed", async () => {
  keepAll();
  rmSync(join(folder, "receipts"), { recursive: true });
  for (const seq of [1, 2, 3, 4, 5])
    answers[`GET /v1/tlog/receipts/${seq}`] = { status: 200, body: log.receipt(seq, "MY") };
  answers["GET /v1/tlog/receipts/4"] = problem(409, "no-receipt");
  answers["GET /v1/tlog/receipts/6"] = problem(404, "not-found");
  const proposed = { ...DEFAULT_QUORUM, ...JSON.parse(log.policy()) };
  answers["GET /v1/tlog/witness-policy"] = { status: 200, body: proposed };
  const fetch = [
    "verify",
    "fetch",
    "--inbox",
    "inbox",
    "--receipts",
    "receipts",
    "--policy",
    "proposed.json",
    "--json",
  ];
  const first = await suar(fetch);
  expect(first.code).toBe(1);
  expect(JSON.parse(first.stdout)).toMatchObject({
    fetched: 4,
    held: 0,
    findings: [
      { code: "no-receipt", seq: 4, message: expect.stringContaining("409") },
      { code: "no-receipt", seq: 6 },
    ],
  });
  expect(JSON.parse(readFileSync(join(folder, "proposed.json"), "utf8"))).toEqual(proposed);
  for (const seq of [4, 6])
    answers[`GET /v1/tlog/receipts/${seq}`] = { status: 200, body: log.receipt(seq, "MY") };
  const again = await suar(fetch);
  expect([again.code, JSON.parse(again.stdout)]).toMatchObject([0, { fetched: 2, held: 4 }]);
  expect(await reconcile()).toEqual([]);
  expect((await suar(["verify", "fetch"])).code).toBe(2);
});

test("verify fetch --sent all asks for whatever one stated, each id once, however many versions it has", async () => {
  const { realm, keyId, expiresAt } = { realm: "live", keyId: "key", expiresAt: "2027-01-01T00:00:00Z" };
  const me = { realm, keyId, expiresAt, member: "SG", roles: ["analyst"], personId: null };
  answers["GET /v1/whoami"] = { status: 200, body: { ...me, organisation: "SG" } };
  const at = "2027-01-01T00:00:00Z";
  const stated = (seq: number) => ({
    ...{ seq, at, producer: "SG", tlp: "green", withdrawn: false, alsoReportedBy: 0 },
    object: indicator(seq),
  });
  const asked: string[] = [];
  answers["GET /v1/objects"] = (_body, { searchParams }) => {
    asked.push(`${searchParams.get("producer")} ${searchParams.get("after")}`);
    const items = searchParams.has("after") ? [stated(1)] : [stated(2), stated(1), { ...stated(1), seq: 3 }];
    return { status: 200, body: { items, ...(!searchParams.has("after") && { next: "2" }) } };
  };
  for (const seq of [1, 2]) {
    const entry = { seq, at, kind: "released", object: `indicator--${seq}`, version: "1", receivers: [] };
    answers[`GET /v1/objects/indicator--${seq}/receipts`] = { status: 200, body: { items: [entry] } };
    answers[`GET /v1/tlog/receipts/${seq}`] = { status: 200, body: log.receipt(seq, "SG") };
  }
  const args = [
    "verify",
    "fetch",
    "--sent",
    "all",
    "--receipts",
    "receipts",
    "--witnesses",
    "witnesses.json",
    "--json",
  ];
  const { code, stdout } = await suar(args);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { fetched: 2, held: 0, findings: [] }]);
  expect(asked).toEqual(["SG null", "SG 2"]);
});

describe("a receipt that was fetched before enough members had cosigned", () => {
  const FETCH = ["verify", "fetch", "--inbox", "inbox", "--receipts", "receipts", "--json"];
  const fetch = async () => {
    const { code, stdout } = await suar([...FETCH, "--witnesses", "witnesses.json"]);
    return [code, JSON.parse(stdout)];
  };
  const answer = (checkpoint: string) => {
    for (const { seq } of log.entries)
      answers[`GET /v1/tlog/receipts/${seq}`] = { status: 200, body: log.receipt(seq, "MY", checkpoint) };
  };

  test("waits, which is not said to be wrong, and is replaced by one that they have", async () => {
    const few = log.checkpoint(6, ["CN", "SG"]);
    keepAll(few);
    rmSync(join(folder, "receipts"), { recursive: true });
    answer(few);
    expect(await fetch()).toMatchObject([0, { fetched: 6, held: 0, waiting: 6, findings: [] }]);
    expect(await fetch()).toMatchObject([0, { fetched: 0, held: 6, waiting: 6, findings: [] }]);
    expect(await reconcile()).toEqual([1, 2, 3, 4, 5, 6].map((seq) => `too-few-witnesses ${seq}`));
    const text = await suar(["verify", "receipt", "receipts/3.json", "--policy", "witnesses.json"], offline);
    expect(text.stdout).toMatch(/^WAITS {2}too-few-witnesses entry 3/);
    const all = ["verify", "reconcile", "--inbox", "inbox", "--receipts", "receipts", "--organisation", "MY"];
    expect((await suar([...all, "--policy", "witnesses.json"], offline)).stdout).toMatch(
      /\n6 items for MY; 6 receipts wait until witnesses of your policy have cosigned their checkpoint \(1 of BN, .*of 3 needed\); 0 hold, under 0 checkpoints/,
    );
    answer(log.checkpoint());
    expect(await fetch()).toMatchObject([0, { fetched: 6, held: 0, waiting: 0, findings: [] }]);
    expect(await reconcile()).toEqual([]);
    expect(await fetch()).toMatchObject([0, { fetched: 0, held: 6, waiting: 0 }]);
  });

  test("is replaced by none that shows something else, or another history: both are kept", async () => {
    keepAll(log.checkpoint(6, ["CN", "SG"]));
    answer(log.checkpoint());
    const kept = readFileSync(join(folder, "receipts/2.json"), "utf8");
    answers["GET /v1/tlog/receipts/2"] = { status: 200, body: { ...log.receipt(2, "MY"), kind: "alert" } };
    const [code, { findings, fetched }] = await fetch();
    expect([code, fetched, found(findings)]).toEqual([1, 5, ["two-contents 2"]]);
    expect(readFileSync(join(folder, "receipts/2.json"), "utf8")).toBe(kept);
    expect(await reconcile()).toContain("not-included 2");
  });

  test("is kept where the platform hands out no other", async () => {
    keepAll(log.checkpoint(6, ["CN", "SG"]));
    answer(log.checkpoint());
    answers["GET /v1/tlog/receipts/2"] = problem(500, "internal");
    const [code, { findings }] = await fetch();
    expect([code, found(findings)]).toEqual([1, ["platform-refuses 2"]]);
    expect(await reconcile()).toEqual(["too-few-witnesses 2"]);
  });
});
