import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { decide } from "./decide.ts";
import { DecisionTally } from "./diff-decisions.ts";
import { ComparativeGuide } from "./guide/comparative-guide.ts";
import { readableGuide } from "./guide/readable-guide.ts";
import type { Outcome } from "./outcome.ts";
import { ALL_PAIRS } from "./pairs/jurisdiction.ts";
import { PairPolicy } from "./pairs/pair-policy.ts";
import { loadPolicySet, type PolicySet, pairOf, withPolicy } from "./pairs/policy-set.ts";
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
type Input = { subject: Subject; recipient: Organisation; times: number };
const input = (change: Partial<Subject>, recipient = TH, times = 1): Input => ({
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
  times,
});
const now = Date.parse("2026-11-22T00:00:00Z");
const diffOf = (policies: PolicySet, asked: readonly Input[]) => {
  const tally = new DecisionTally<{ before: Outcome; after: Outcome }>();
  for (const { subject, recipient, times } of asked) {
    const [old, young] = [before, policies].map((set) =>
      decide(subject, recipient, { policies: set, now, individualsYtd: () => 0 }),
    ) as [Outcome, Outcome];
    for (let n = 0; n < times; n++)
      tally.add(subject.contentClass, old, young, () => ({ before: old, after: young }));
  }
  return tally.diff;
};
const EMAIL: Subject["findings"] = [{ path: "/name", class: "email", individuals: 1 }];
const inputs = [
  input({}, TH, 10),
  input({}, SG, 5),
  input({ contentClass: "vuln.undisclosed" }, TH, 3),
  input({ findings: EMAIL }, TH, 2),
  input({ contentClass: "incident", to: ["TH"] }),
];
const told = (change: Partial<PairPolicy>) => {
  const { changes, ...counts } = diffOf(after(change), inputs);
  const say = (one: (typeof changes)[number]) =>
    `${one.contentClass}: ${one.before} > ${one.after}: ${one.count}, wider ${one.wider}`;
  return { ...counts, changes: changes.map(say) };
};

test("a change that changes nothing says so", () => {
  expect(told({ deadlineHours: 1 })).toEqual({ decisions: 21, unchanged: 21, wider: 0, changes: [] });
});

test("a narrower policy shows what would no longer go, class by class", () => {
  expect(told({ allow: [] })).toEqual({
    decisions: 21,
    unchanged: 9,
    wider: 0,
    changes: ["ttp: allow > withhold: 10, wider 0", "ttp: redact > withhold: 2, wider 0"],
  });
});

test("what is withheld by another rule stays withheld, whoever would have been asked and whatever taken out", () => {
  const asked = [input({ contentClass: "incident", findings: EMAIL })];
  const shut = after({ allowNamed: [], rules: [] });
  expect(diffOf(shut, asked)).toEqual({ decisions: 1, unchanged: 1, wider: 0, changes: [] });
});

test("a wider one shows what would go, and counts it as wider", () => {
  expect(told({ allow: [...policy.allow, "vuln.undisclosed"] })).toMatchObject({
    wider: 3,
    changes: ["vuln.undisclosed: withhold > allow: 3, wider 3"],
  });
  expect(told({ rules: [], personalData: { ...policy.personalData, email: "hmac" } })).toMatchObject({
    wider: 3,
    changes: ["ttp: redact > redact: 2, wider 2", "incident: approve > allow: 1, wider 1"],
  });
});

test("one that asks for fewer undertakings is wider, one that asks for more is not", () => {
  const obliged = after({ obligations: ["delete-after-90-days"] });
  expect(diffOf(obliged, inputs)).toMatchObject({ wider: 0 });
  const tally = new DecisionTally<undefined>();
  const outcomeUnder = (policies: PolicySet) =>
    decide(input({}).subject, TH, { policies, now, individualsYtd: () => 0 });
  const [bound, free] = [outcomeUnder(obliged), outcomeUnder(after({ obligations: [] }))];
  expect(bound.obligations).toContain("delete-after-90-days");
  tally.add("ttp", bound, free, () => undefined);
  expect(tally.diff).toMatchObject({ wider: 1, changes: [{ before: "allow", after: "allow", wider: 1 }] });
});

test("examples tell the outcomes with their reasons, a few of each", () => {
  const wider = after({ allow: [...policy.allow, "vuln.undisclosed"] });
  const [change] = diffOf(wider, [input({ contentClass: "vuln.undisclosed" }, TH, 9)]).changes;
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
    expect(page.unverified).toBe(page.entries.filter(({ entry }) => !entry.verified).length);
    expect(page.cited).toBeGreaterThan(page.checked);
    expect(Object.keys(page.texts).length).toBeGreaterThan(1);
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
