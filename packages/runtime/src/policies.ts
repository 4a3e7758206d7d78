import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ComparativeGuide, loadPolicySet, PolicyIndex, type PolicySet } from "@suar/policy";

/**
 * The policies of pairs that ship: in force until the members sign others. Throws where they are not the ones of
 * their index, since a policy that is lost would close its pair without a word.
 */
export function seedPolicies(): PolicySet {
  const names = readdirSync(pathOf("pairs/")).filter((name) => name.endsWith(".json"));
  const policies = loadPolicySet(names.map((name) => read(`pairs/${name}`)));
  if (policies.hash !== PolicyIndex.parse(read("index.json")).set)
    throw new Error("seeds/policy/pairs are not those of seeds/policy/index.json");
  return policies;
}

/** The comparative guide that explains them. */
export function seedGuide(): ComparativeGuide {
  return ComparativeGuide.parse(read("comparative-guide.json"));
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(pathOf(name), "utf8"));
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(`../../../seeds/policy/${name}`, import.meta.url));
}
