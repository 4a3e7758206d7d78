import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { decide } from "../decide.ts";
import { PairPolicy } from "../pairs/pair-policy.ts";
import { loadPolicySet, pairOf, withPolicy } from "../pairs/policy-set.ts";
import type { Reason } from "../reason.ts";
import type { Organisation, Subject } from "../subject.ts";
import { ComparativeGuide } from "./comparative-guide.ts";
import { readableReason } from "./readable-reason.ts";

const SEEDS = resolve(import.meta.dirname, "../../../../seeds/policy");
const read = (name: string): unknown => JSON.parse(readFileSync(join(SEEDS, name), "utf8"));
const shipped = loadPolicySet(readdirSync(join(SEEDS, "pairs")).map((name) => read(`pairs/${name}`)));
const guide = ComparativeGuide.parse(read("comparative-guide.json"));
const policy = PairPolicy.parse({ ...pairOf(shipped, "CN", "SG")?.policy, version: 2 });
const signed = withPolicy(shipped, { policy, standing: "signed" });

const reason = (rule: string, own?: string): Reason => {
  return { code: "rule-withholds", rule, source: "x", paths: [], ...(own && { guide: own }) };
};
const told = (rule: string, set = shipped, own?: string) => {
  const { file, policy: cited, entries } = readableReason(reason(rule, own), set, guide);
  return { file, cited, entries };
};

test("names the file, the version and whose word it is, and the entries that explain the rule", () => {
  expect(told("pairs/CN-SG.json@1#cn.quota", shipped, "guide:thresholds")).toEqual({
    file: "seeds/policy/pairs/CN-SG.json",
    cited: { pair: "CN-SG", version: 1, standing: "shipped" },
    entries: ["guide:thresholds"],
  });
  expect(told("pairs/CN-SG.json@1#quota").entries).toContain("guide:thresholds");
  expect(told("pairs/SG-public.json@1#allow").cited?.pair).toBe("SG-public");
});

test("says of what members signed that no file has it, and of what it replaced that it shipped", () => {
  const cited = { pair: "CN-SG", standing: "signed" };
  expect(told("pairs/CN-SG.json@2#allow", signed)).toMatchObject({
    file: null,
    cited: { ...cited, version: 2 },
  });
  expect(told("pairs/CN-SG.json@1#allow", signed)).toMatchObject({
    file: "seeds/policy/pairs/CN-SG.json",
    cited: { version: 1, standing: "shipped" },
  });
  // Of a version that was replaced before this set there is none to ask.
  expect(told("pairs/CN-SG.json@7#allow", signed).cited).toMatchObject({ ...cited, version: 7 });
});

test("finds the rules of markings where they stand, and a pair that is missing by its name", () => {
  expect(told("named")).toEqual({ file: "packages/policy/src/rules.ts", cited: null, entries: [] });
  expect(told("pairs/XX-SG.json")).toEqual({
    file: "seeds/policy/pairs/XX-SG.json",
    cited: null,
    entries: [],
  });
});

test("every reason that a decision gives across a border leads to a file", () => {
  const party = (code: string, id: number): Organisation => ({ id, code, member: code, kind: "cert" });
  const subject: Omit<Subject, "contentClass"> = {
    ...{ type: "x", tlp: "green", producer: party("CN", 1), to: ["SG"], purpose: "law-enforcement" },
    findings: [{ path: "/a", class: "email", individuals: 1 }],
  };
  const context = {
    policies: shipped,
    now: Date.parse("2026-11-22T00:00:00Z"),
    individualsYtd: () => 200_000,
  };
  for (const contentClass of ["ttp", "incident", "vuln.undisclosed", "other"] as const) {
    const { reasons } = decide({ ...subject, contentClass }, party("SG", 2), context);
    expect(reasons.length).toBeGreaterThan(0);
    for (const one of reasons) {
      const { file, policy: cited } = readableReason(one, shipped, guide);
      expect(file, one.rule).not.toBeNull();
      if (one.rule.startsWith("pairs/")) expect(cited?.pair).toBe("CN-SG");
    }
  }
});
