import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_QUORUM } from "@suar/merkle";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { answers, closeFixture, folder, problem, suar } from "../../testing/command-fixture.ts";
import { found, keepAll, log, offline, openLog, reconcile } from "../../testing/verify-fixture.ts";

// Processes of the command are started, on a machine that others may be using.
vi.setConfig({ testTimeout: 60_000 });

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
