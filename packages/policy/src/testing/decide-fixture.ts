import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PairPolicy } from "../pairs/pair-policy.ts";
import { loadPolicySet } from "../pairs/policy-set.ts";
import type { Organisation } from "../subject.ts";

/** The policies that are shipped, and some between whom they decide. */
const PAIRS = resolve(import.meta.dirname, "../../../../seeds/policy/pairs");
export const read = (name: string): PairPolicy =>
  PairPolicy.parse(JSON.parse(readFileSync(join(PAIRS, name), "utf8")));
export const shipped = loadPolicySet(readdirSync(PAIRS).map(read));

export const CN: Organisation = { id: 1, code: "CN", member: "CN", kind: "cert" };
export const SG: Organisation = { id: 2, code: "SG", member: "SG", kind: "cert" };
export const SG_BANK: Organisation = { id: 3, code: "SG:bank", member: "SG", kind: "agency" };
export const CN_GRID: Organisation = { id: 4, code: "CN:grid", member: "CN", kind: "agency" };
export const NOW = Date.parse("2026-11-22T00:00:00Z");
