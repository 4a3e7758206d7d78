import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ComparativeGuide, loadPolicySet, PolicyIndex, type PolicySet } from "@suar/policy";

const SEEDS = fileURLToPath(new URL("../../../../seeds/policy/", import.meta.url));

/**
 * The policies of pairs that ship: in force until the members sign others. Throws where they are not the ones of
 * their index, since a policy that is lost would close its pair without a word.
 */
export function seedPolicies(folder: string = SEEDS): PolicySet {
  const names = readdirSync(join(folder, "pairs")).filter((name) => name.endsWith(".json"));
  const policies = loadPolicySet(names.map((name) => read(join(folder, "pairs", name))));
  if (policies.hash !== PolicyIndex.parse(read(join(folder, "index.json"))).set)
    throw new Error("the policies that ship are not those of their index");
  return policies;
}

/** The comparative guide that explains them. */
export function seedGuide(): ComparativeGuide {
  return ComparativeGuide.parse(read(join(SEEDS, "comparative-guide.json")));
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
