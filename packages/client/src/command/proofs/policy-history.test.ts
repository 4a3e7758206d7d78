import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LogFixture } from "@suar/merkle/testing/log-fixture";
import { policySetHash } from "@suar/policy";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ClosedSets, setsInForce } from "./policy-history.ts";
import { checkReceiptPolicies } from "./receipt-policies.ts";

const hashOf = (digit: number) => String(digit).repeat(64);
const SHIPPED = { "SG-CN": hashOf(0), "SG-MY": hashOf(1) };
const shipped = { schema: "policy-index/1", set: hashOf(9), policies: SHIPPED } as const;
const versions = [
  { pair: "SG-MY", version: 3, hash: hashOf(3), inForceFrom: "2027-01-03T00:00:00Z" },
  { pair: "SG-MY", version: 2, hash: hashOf(2), inForceFrom: "2027-01-01T00:00:00Z" },
  { pair: "SG-CN", version: 2, hash: hashOf(4), inForceFrom: null },
];
const sets = setsInForce([shipped], versions);
const history = { whole: sets, closed: new ClosedSets([shipped], versions) };
const setWith = (digit: number) => policySetHash({ ...SHIPPED, "SG-MY": hashOf(digit) });

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "suar-receipts-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function codesOf(loggedAt: string, policyHash: string, by = history): Promise<string[]> {
  const log = new LogFixture();
  log.append({ object: { type: "tool", id: "tool--1" }, to: ["MY"], why: JSON.stringify({ policyHash }) });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "1.json"), JSON.stringify({ ...log.receipt(1, "MY"), loggedAt }));
  const { findings, receipts, closed, unchecked } = await checkReceiptPolicies(folder, by);
  expect(receipts).toBe(1);
  return [
    ...findings.map(({ code }) => code as string),
    ...Array<string>(closed).fill("closed"),
    ...Array<string>(unchecked).fill("unchecked"),
  ];
}

test("sets are in force one after the other", () => {
  const [first, second] = ["2027-01-01T00:00:00Z", "2027-01-03T00:00:00Z"].map((at) => Date.parse(at));
  expect([...sets]).toEqual([
    [policySetHash(SHIPPED), [{ from: Number.NEGATIVE_INFINITY, until: first }]],
    [setWith(2), [{ from: first, until: second }]],
    [setWith(3), [{ from: second, until: Number.POSITIVE_INFINITY }]],
  ]);
});

test("a version that begins after a later one of its pair does not take its place", () => {
  const late = { pair: "SG-MY", version: 2, hash: hashOf(2), inForceFrom: "2027-02-01T00:00:00Z" };
  expect([...setsInForce([shipped], [late, ...versions.slice(0, 1)]).keys()]).toEqual([
    policySetHash(SHIPPED),
    setWith(3),
  ]);
});

test.each([
  ["2026-12-31T12:00:00.000000Z", policySetHash(SHIPPED)],
  ["2027-01-01T12:00:00.000000Z", setWith(2)],
  ["2027-01-03T00:30:00.000000Z", setWith(2)],
  ["2027-01-03T00:00:00.000000Z", setWith(3)],
  ["2027-01-03T00:00:00.000000Z", ""],
])("a receipt of %s names what was in force then: %s", async (loggedAt, hash) => {
  expect(await codesOf(loggedAt, hash)).toEqual([]);
});

test.each([
  ["2027-01-03T00:00:00.000000Z", { "SG-CN": hashOf(0) }],
  ["2027-01-05T00:00:00.000000Z", { "SG-MY": hashOf(3) }],
  ["2027-01-05T00:00:00.000000Z", {}],
])("a receipt of %s from when a pair was closed is no finding, and said: %s", async (loggedAt, left) => {
  expect(await codesOf(loggedAt, policySetHash(left))).toEqual(["closed"]);
});

test.each([
  [
    "what came later and another pair closed",
    "2026-12-31T23:59:59.000000Z",
    policySetHash({ "SG-MY": hashOf(2) }),
  ],
  [
    "what never was and another pair closed",
    "2027-01-05T00:00:00.000000Z",
    policySetHash({ "SG-MY": hashOf(5) }),
  ],
  ["what came later", "2026-12-31T23:59:59.000000Z", setWith(2)],
  ["what was over", "2027-01-03T02:00:00.000000Z", setWith(2)],
  ["what ships, long after", "2027-01-05T00:00:00.000000Z", policySetHash(SHIPPED)],
  ["what never was", "2027-01-05T00:00:00.000000Z", setWith(5)],
])("a receipt that names %s is found", async (_, loggedAt, hash) => {
  expect(await codesOf(loggedAt, hash)).toEqual(["other-policies"]);
});

test("of very many sets with pairs closed those of the receipt's time are made, and of them so many", async () => {
  const DAY_MS = 86_400_000;
  const start = Date.parse("2027-01-01T00:00:00Z");
  const pairs = Array.from({ length: 60 }, (_, n) => `P${n}-X`);
  const policies = Object.fromEntries(pairs.map((pair) => [pair, hashOf(0)]));
  const many = pairs.map((pair, n) => {
    return { pair, version: 2, hash: hashOf(1), inForceFrom: new Date(start + n * DAY_MS).toISOString() };
  }) as never;
  const index = { ...shipped, policies } as never;
  // 60 pairs, 1,770 twos and all: of one time, or of two where one follows on the other.
  const of = 60 + 1_770 + 1;
  const left = policySetHash({ ...policies, "P1-X": hashOf(1) });
  const wrong = policySetHash({});
  const by = (most: number) => ({
    whole: setsInForce([index], many),
    closed: new ClosedSets([index], many, most),
  });
  expect(await codesOf("2026-12-31T12:00:00.000000Z", wrong, by(of - 1))).toEqual(["unchecked"]);
  expect(await codesOf("2026-12-31T12:00:00.000000Z", wrong, by(of))).toEqual(["closed"]);
  expect(await codesOf("2027-01-02T12:00:00.000000Z", left, by(of))).toEqual(["other-policies"]);
  const { "P0-X": _, ...others }: Record<string, string> = { ...policies, "P1-X": hashOf(1) };
  expect(await codesOf("2027-01-02T12:00:00.000000Z", policySetHash(others), by(of))).toEqual(["closed"]);
  expect(await codesOf("2027-01-02T00:30:00.000000Z", left, by(of))).toEqual(["unchecked"]);
});

test("what is no receipt is told", async () => {
  writeFileSync(join(folder, "2.json"), "{}");
  const { findings } = await checkReceiptPolicies(folder, history);
  expect(findings).toMatchObject([{ code: "unreadable", place: "2.json" }]);
});
