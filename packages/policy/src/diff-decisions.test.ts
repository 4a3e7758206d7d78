import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { type DecidedInput, diffDecisions } from "./diff-decisions.ts";
import { ComparativeGuide } from "./guide/comparative-guide.ts";
import { readableGuide } from "./guide/readable-guide.ts";
import { ALL_PAIRS } from "./pairs/jurisdiction.ts";
import { PairPolicy } from "./pairs/pair-policy.ts";
import { loadPolicySet, pairOf, withPolicy } from "./pairs/policy-set.ts";
import type { Organisation, Subject } from "./subject.ts";

const SEEDS = resolve(import.meta.dirname, "../../../seeds/policy");
const read = (name: string): unknown => JSON.parse(readFileSync(join(SEEDS, name), "utf8"));
const before = loadPolicySet(readdirSync(join(SEEDS, "pairs")).map((name) => read(`pairs/${name}`)));
const policy = PairPolicy.parse(read("pairs/MY-TH.json"));
const after = (change: Partial<PairPolicy>) =>
  withPolicy(before, { policy: { ...policy, version: 2, ...change }, standing: "signed" });

const [MY, TH, SG] = ["MY", "TH", "SG"].map(
  (code, id): Organisation => ({ id, code, member: code, kind: "cert" }),
) as [Organisation, Organisation, Organisation];
const input = (change: Partial<Subject>, recipient = TH, times = 1): DecidedInput => ({
  subject: {
    type: "indicator",
    contentClass: "ttp",
    tlp: "green",
    producer: MY,
    to: [],
    findings: [],
    ...change,
  },
  recipient,
  now: Date.parse("2026-11-22T00:00:00Z"),
  individualsYtd: 0,
  times,
});
const EMAIL: Subject["findings"] = [{ path: "/name", class: "email", individuals: 1 }];
const inputs = [
  input({}, TH, 10),
  input({}, SG, 5),
  input({ contentClass: "vuln.undisclosed" }, TH, 3),
  input({ findings: EMAIL }, TH, 2),
  input({ contentClass: "incident", to: ["TH"] }),
];
const told = (change: Partial<PairPolicy>) => {
  const { changes, ...counts } = diffDecisions(before, after(change), inputs);
  return { ...counts, changes: changes.map((one) => `${one.before} > ${one.after}: ${one.count}`) };
};

test("a change that changes nothing says so", () => {
  expect(told({ deadlineHours: 1 })).toEqual({ decisions: 21, unchanged: 21, wider: 0, changes: [] });
});

test("a narrower policy shows what would no longer go", () => {
  expect(told({ allow: [] })).toEqual({
    decisions: 21,
    unchanged: 9,
    wider: 0,
    changes: ["allow > withhold: 10", "redact > withhold: 2"],
  });
});

test("a wider one shows what would go, and counts it as wider", () => {
  expect(told({ allow: [...policy.allow, "vuln.undisclosed"] })).toMatchObject({
    wider: 3,
    changes: ["withhold > allow: 3"],
  });
  expect(told({ rules: [], personalData: { ...policy.personalData, email: "hmac" } })).toMatchObject({
    wider: 3,
    changes: ["redact > redact: 2", "approve > allow: 1"],
  });
});

test("examples tell the outcomes with their reasons, a few of each", () => {
  const many = Array.from({ length: 9 }, () => input({ contentClass: "vuln.undisclosed" }));
  const wider = after({ allow: [...policy.allow, "vuln.undisclosed"] });
  const [change] = diffDecisions(before, wider, many).changes;
  expect(change).toMatchObject({ count: 9, before: "withhold", after: "allow" });
  expect(change?.examples).toHaveLength(5);
  expect(change?.examples[0]?.before.reasons).toMatchObject([
    { code: "class-not-allowed", rule: "pairs/MY-TH.json@1#default" },
  ]);
});

test("the readable guide of each pair explains every rule of its policy", () => {
  const guide = ComparativeGuide.parse(read("comparative-guide.json"));
  for (const pair of ALL_PAIRS) {
    const page = readableGuide(guide, before, pair)!;
    expect(page.rules.map(({ rule }) => rule)).toEqual(page.policy.rules);
    for (const { name, entry } of page.rules) expect(entry, name).toBeDefined();
    expect(page.entries.length).toBeGreaterThan(0);
    expect(page.unverified).toBe(page.entries.length);
    expect(page.policyHash).toBe(pairOf(before, pair.exporter, pair.importer)?.hash);
  }
  const page = readableGuide(guide, before, { exporter: "CN", importer: "SG" })!;
  expect(page.entries.find(({ entry }) => entry.id === "guide:thresholds")?.rules).toEqual([
    "pairs/CN-SG.json@1#cn.quota",
    "pairs/CN-SG.json@1#quota",
  ]);
  expect(page.entries.map(({ entry }) => entry.id)).not.toContain("guide:public");
  expect(readableGuide(guide, before, { exporter: "CN", importer: "CN" })).toBeUndefined();
});
