import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadPolicySet, type PolicySet } from "@suar/policy";

const SEEDS = fileURLToPath(new URL("../../../seeds/policy/pairs/", import.meta.url));

/** The policies of pairs that ship: in force until the members sign others. */
export function seedPolicies(): PolicySet {
  const names = readdirSync(SEEDS).filter((name) => name.endsWith(".json"));
  return loadPolicySet(names.map((name): unknown => JSON.parse(readFileSync(join(SEEDS, name), "utf8"))));
}
