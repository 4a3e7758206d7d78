import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { brokenReferences, ComparativeGuide, citesOf } from "./guide/comparative-guide.ts";
import { ALL_PAIRS } from "./pairs/jurisdiction.ts";
import { PairPolicy, pairName, policyHash } from "./pairs/pair-policy.ts";
import { loadPolicySet, PolicyIndex, policiesOf } from "./pairs/policy-set.ts";

const SEEDS = resolve(import.meta.dirname, "../../../seeds/policy");
const read = (name: string): unknown => JSON.parse(readFileSync(join(SEEDS, name), "utf8"));
const names = readdirSync(join(SEEDS, "pairs"));
const seeds = names.map((name) => PairPolicy.parse(read(`pairs/${name}`)));
const policies = loadPolicySet(seeds);
const guide = ComparativeGuide.parse(read("comparative-guide.json"));

describe("the policies that ship", () => {
  it("are one for each ordered pair of members and one for what each says to the public", () => {
    expect(names).toHaveLength(132 + 12);
    expect(names.toSorted()).toEqual(ALL_PAIRS.map((pair) => `${pairName(pair)}.json`).sort());
    for (const [index, name] of names.entries()) expect(`${pairName(seeds[index]!)}.json`).toBe(name);
  });

  it("are those of the index, to the last character that counts", () => {
    const hashes = Object.fromEntries(seeds.map((seed) => [pairName(seed), policyHash(seed)]));
    expect(PolicyIndex.parse(read("index.json"))).toEqual({
      schema: "policy-index/1",
      set: policies.hash,
      policies: hashes,
    });
  });

  it("let flow what the members agreed on, and nothing else unless it is named", () => {
    for (const { policy } of policiesOf(policies)) {
      expect(policy.allow.toSorted()).toEqual([
        "advisory",
        "identity",
        "indicator.infrastructure",
        "malware.hash",
        "marking",
        "ttp",
        "vuln.public",
      ]);
      expect(policy.allowNamed).toEqual(
        policy.importer === "public" ? [] : ["incident", "victim.notification"],
      );
    }
  });

  it("take personal data out, wherever no contract is in force", () => {
    for (const { policy } of policiesOf(policies)) {
      const ops = policy.rules.flatMap((rule) => (rule.then === "redact" ? [rule.ops] : []));
      const dropsAll = (op: object) => Object.values(op).every((each) => each === "drop");
      expect(
        dropsAll(policy.personalData) || ops.some((op) => Object.keys(op).length === 8 && dropsAll(op)),
      ).toBe(true);
      expect(policy.basis.status).toBe("none");
    }
  });

  it("hold what China's law asks, in every policy of CN", () => {
    const ofChina = policiesOf(policies).filter(({ policy }) => policy.exporter === "CN");
    expect(ofChina).toHaveLength(12);
    for (const { policy } of ofChina) {
      expect(policy.quota).toBe(100_000);
      const ids = policy.rules.map(({ id }) => id);
      expect(ids).toEqual(expect.arrayContaining(["cn.important-data", "cn.quota", "cn.vuln-undisclosed"]));
    }
  });
});

describe("the comparative guide", () => {
  it("leads to rules that there are, and is what rules cite", () => {
    expect(brokenReferences(guide, policies)).toEqual([]);
    expect(guide.entries.length).toBeGreaterThanOrEqual(20);
  });

  // Whoever reads another article adds it here, and says where in the commit.
  it("claims no check that nobody made: these articles were read, in reproductions or quotations", () => {
    const cites = guide.entries.flatMap(citesOf).filter(({ status }) => status === "checked");
    const read = new Set(cites.map(({ text, article }) => `${text} ${article}`));
    expect([...read].sort()).toEqual([
      "mcc Module 1, controller to processor; Module 2, controller to controller",
      "measures art. 4",
      "measures art. 7",
      ...["25", "28", "36, first sentence", "39", "40", "51", "54", "55(4)", "56", "57", "6"].map(
        (n) => `pipl art. ${n}`,
      ),
      "provisions art. 5(4)",
      "provisions art. 7(2)",
      "provisions art. 8",
      "vulnerabilities art. 9(7)",
    ]);
    expect(guide.entries.filter(({ verified }) => verified).map(({ id }) => id)).toEqual(["guide:scope"]);
  });

  it("calls nothing verified that was not read, and cites no text that it does not know", () => {
    const [first, ...others] = guide.entries;
    const claimed = { ...guide, entries: [{ ...first, verified: true }, ...others] };
    expect(ComparativeGuide.safeParse(claimed).success).toBe(false);
    const { pipl: _, ...texts } = guide.texts;
    expect(ComparativeGuide.safeParse({ ...guide, texts }).success).toBe(false);
    const cited = new Set(guide.entries.flatMap(citesOf).map(({ text }) => text));
    expect(Object.keys(guide.texts).filter((id) => !cited.has(id))).toEqual([]);
  });

  it("tells a reference that leads nowhere", () => {
    const [first, ...others] = guide.entries;
    const odd = { ...first!, rules: [{ exporter: "CN" as const, importer: "SG" as const, rule: "cn.gone" }] };
    expect(brokenReferences({ ...guide, entries: [odd, ...others] }, policies)).toEqual([
      { entry: first!.id, rule: odd.rules[0] },
    ]);
    const without = guide.entries.filter(({ id }) => id !== "guide:thresholds");
    expect(brokenReferences({ ...guide, entries: without }, policies)).toHaveLength(12);
  });
});
