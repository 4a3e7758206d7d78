import { ALL_PAIRS, PairPolicy, pairName, pairOf, readableGuide, withPolicy } from "@suar/policy";
import { seedGuide, seedPolicies } from "@suar/runtime";
import { describe, expect, it } from "vitest";
import { policiesPage } from "./policies.ts";
import { policyPage } from "./policy.ts";

const policies = seedPolicies();
const guide = seedGuide();
const pageOf = (exporter: string, importer: string, set = policies): string => {
  const found = readableGuide(guide, set, { exporter, importer });
  if (found === undefined) throw new Error(`there is no ${exporter}-${importer}`);
  return policyPage(found);
};

/** So much goes over a thin line in a few seconds. */
const MOST_BYTES = 30_000;

describe("/policies/{pair}", () => {
  it.each(ALL_PAIRS)("shows $exporter to $importer whole, and small", ({ exporter, importer }) => {
    const page = pageOf(exporter, importer);
    expect(Buffer.byteLength(page)).toBeLessThan(MOST_BYTES);
    expect(page).not.toMatch(/<script|<img|<iframe|\son\w+=|javascript:|https?:\/\//i);
    const policy = pairOf(policies, exporter, importer)?.policy;
    for (const { id, source } of policy?.rules ?? []) {
      expect(page).toContain(`<code>${id}</code>`);
      expect(page).toContain(source.split(/['"&<>]/)[0]);
    }
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets.filter((id) => id !== "main" && !page.includes(`id="${id}"`))).toEqual([]);
  });

  it("marks each entry that nobody held against the texts, and no other", () => {
    const marks = (page: string) => page.split("not checked against the texts").length - 1;
    const found = readableGuide(guide, policies, { exporter: "CN", importer: "SG" });
    expect(found?.entries.length).toBeGreaterThan(5);
    expect(marks(pageOf("CN", "SG"))).toBe(found?.entries.length);
    const [first, ...others] = found?.entries ?? [];
    if (found === undefined || first === undefined) throw new Error("there is no guide");
    const entries = [{ ...first, entry: { ...first.entry, verified: true } }, ...others];
    const page = policyPage({ ...found, entries, unverified: others.length });
    expect(marks(page)).toBe(others.length);
    expect(page).toContain(`>${others.length} of ${entries.length}</span>`);
  });

  it("tells approvers, four eyes, quota, deadline and what is undertaken", () => {
    const page = pageOf("CN", "SG");
    expect(page).toContain("CN:officer have to agree, two people of each");
    expect(page).toContain("<td>100000</td>");
    expect(page).toContain("<td>4 h</td>");
    expect(page).toContain("acknowledge, delete-after-90-days, no-law-enforcement-use, no-onward");
    expect(page).toContain("tlp is at least amber");
  });

  it("shows what members signed as text, whatever they wrote", () => {
    const shipped = pairOf(policies, "CN", "SG")?.policy;
    if (shipped === undefined) throw new Error("there is no CN-SG");
    const [rule] = shipped.rules;
    const source = `"><script src=//evil.example></script><p onclick='x'>`;
    const policy = PairPolicy.parse({ ...shipped, version: 2, rules: [{ ...rule, source }] });
    const page = pageOf("CN", "SG", withPolicy(policies, { policy, standing: "signed" }));
    expect(page).toContain("Version 2, signed by CN and SG.");
    expect(page).toContain("&#34;&#62;&#60;script");
    expect(page).not.toMatch(/<script|<p onclick/);
  });
});

describe("/policies", () => {
  it("leads to the page of every pair, and tells what is signed", () => {
    const page = policiesPage(policies);
    expect(Buffer.byteLength(page)).toBeLessThan(MOST_BYTES);
    for (const pair of ALL_PAIRS) expect(page).toContain(`href="/policies/${pairName(pair)}"`);
    expect(page).not.toMatch(/>s\d/);
    const shipped = pairOf(policies, "MY", "TH")?.policy;
    if (shipped === undefined) throw new Error("there is no MY-TH");
    const policy = PairPolicy.parse({ ...shipped, version: 2 });
    const after = policiesPage(withPolicy(policies, { policy, standing: "signed" }));
    expect(after).toContain('<a href="/policies/MY-TH" aria-label="MY-TH">s2</a>');
  });
});
