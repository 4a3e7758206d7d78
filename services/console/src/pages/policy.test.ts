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
    expect(marks(pageOf("CN", "SG"))).toBe(found?.unverified);
    if (found === undefined) throw new Error("there is no guide");
    const entries = found.entries.map((one, n) => ({ ...one, entry: { ...one.entry, verified: n < 3 } }));
    const page = policyPage({ ...found, entries, unverified: entries.length - 3 });
    expect(marks(page)).toBe(entries.length - 3);
    expect(page).toContain(`>${entries.length - 3} of ${entries.length}</span>`);
  });

  it("names articles by their texts, those that nobody read as such, and the texts with issuer and date", () => {
    const page = pageOf("CN", "SG");
    expect(page).toContain(
      "CN Data Flow Provisions art. 7(2); CN Data Flow Provisions art. 8: Since 1 January",
    );
    expect(page).toContain("CN PIPL art. 36, second sentence (unchecked)");
    expect(page).toMatch(/order 13, Cyberspace Administration of China, 2023-02-22/);
    expect(page).not.toContain("VN Decree 13");
    expect(pageOf("VN", "SG")).toContain("Decree 13/2023/ND-CP");
  });

  it("tells approvers, four eyes, quota, deadline and what is undertaken", () => {
    const page = pageOf("CN", "SG");
    expect(page).toContain("CN:officer have to agree, two people of each");
    expect(page).toContain("<td>100000</td>");
    expect(page).toContain("<td>4 h</td>");
    expect(page).toContain("acknowledge, delete-after-90-days, no-law-enforcement-use, no-onward");
    expect(page).toContain("TLP is at least amber");
    expect(page).toContain("what was found is nationalId or passport");
    expect(page).toContain("If personal data was found, and status of the ground is none or draft:");
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
