import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { brokenReferences, pairOf, policiesOf } from "@suar/policy";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seedGuide, seedPolicies } from "./policies.ts";

const SEEDS = resolve(import.meta.dirname, "../../../../seeds/policy");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "suar-policies-"));
  cpSync(SEEDS, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the policies that ship", () => {
  it("are read with the guide that explains them", () => {
    const policies = seedPolicies();
    expect(policiesOf(policies)).toHaveLength(144);
    expect(pairOf(policies, "CN", "SG")?.standing).toBe("shipped");
    expect(brokenReferences(seedGuide(), policies)).toEqual([]);
    expect(seedPolicies(folder).hash).toBe(policies.hash);
  });

  it("are refused where one is gone", () => {
    rmSync(join(folder, "pairs/CN-SG.json"));
    expect(() => seedPolicies(folder)).toThrow("not those of their index");
  });

  it("are refused where one says something else, and read where it only looks another way", () => {
    const file = join(folder, "pairs/CN-SG.json");
    const policy = JSON.parse(readFileSync(file, "utf8")) as { allow: string[] };
    writeFileSync(file, JSON.stringify(policy));
    expect(policiesOf(seedPolicies(folder))).toHaveLength(144);
    writeFileSync(file, JSON.stringify({ ...policy, allow: [...policy.allow, "vuln.undisclosed"] }));
    expect(() => seedPolicies(folder)).toThrow("not those of their index");
  });
});
