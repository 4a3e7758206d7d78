import type { PiiCount, Redaction } from "../outcome.ts";
import type { PiiFinding } from "../personal-data.ts";
import type { Reason } from "../reason.ts";
import type { Ruling } from "../ruling.ts";
import type { CompiledPair, CompiledRule } from "./compiled-pair.ts";
import { operationOf, PII_CLASSES, piiIndex } from "./operation.ts";

/**
 * What becomes of each finding: the strictest of what the pair does to its kind and what the rules that speak do.
 * Returns how many people's data cross in any form.
 */
export function treatPersonalData(
  pair: CompiledPair,
  spoken: readonly CompiledRule[] | undefined,
  findings: readonly PiiFinding[],
  ruling: Ruling,
): number {
  const strictness = spoken === undefined ? pair.strictness : strictest(pair.strictness, spoken);
  const redactions = redactionsOf(findings, strictness);
  const pii = countsOf(findings, strictness);
  ruling.treat(redactions, pii);
  ruling.restrictions.push({ ...pair.byDefault, paths: pathsOf(redactions) });
  for (const rule of spoken ?? []) {
    const paths = pathsOf(redactions.filter((one) => rule.strictness[piiIndex(one.class)] !== 0));
    if (paths.length > 0) ruling.restrictions.push({ ...rule.reason, paths });
  }
  let individuals = 0;
  for (const count of pii) if (count.op !== "drop") individuals += count.individuals;
  return individuals;
}

function strictest(base: readonly number[], spoken: readonly CompiledRule[]): number[] {
  const all = base.slice();
  for (const rule of spoken)
    for (const [index, each] of rule.strictness.entries()) if (each > (all[index] ?? 0)) all[index] = each;
  return all;
}

/** In the order of places; each place and kind once. */
function redactionsOf(findings: readonly PiiFinding[], strictness: readonly number[]): Redaction[] {
  const redactions: Redaction[] = [];
  let before: PiiFinding | undefined;
  let isSorted = true;
  for (const finding of findings) {
    if (before !== undefined && compare(before, finding) >= 0) isSorted = false;
    before = finding;
    const { path, class: kind } = finding;
    redactions.push({ path, op: operationOf(strictness[piiIndex(kind)] ?? 0), class: kind });
  }
  return isSorted ? redactions : eachOnce(redactions.sort(compare));
}

function eachOnce(sorted: readonly Redaction[]): Redaction[] {
  return sorted.filter((one, at) => {
    const before = sorted[at - 1];
    return before === undefined || compare(before, one) !== 0;
  });
}

function compare(a: { path: string; class: string }, b: { path: string; class: string }): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.class === b.class ? 0 : a.class < b.class ? -1 : 1;
}

/** In the order of kinds' names. */
function countsOf(findings: readonly PiiFinding[], strictness: readonly number[]): PiiCount[] {
  const individuals = new Array<number>(PII_CLASSES.length).fill(-1);
  for (const finding of findings) {
    const index = piiIndex(finding.class);
    individuals[index] = Math.max(individuals[index] ?? 0, 0) + finding.individuals;
  }
  const counts: PiiCount[] = [];
  for (const index of BY_NAME) {
    const count = individuals[index] ?? -1;
    const name = PII_CLASSES[index];
    if (count < 0 || name === undefined) continue;
    counts.push({ class: name, individuals: count, op: operationOf(strictness[index] ?? 0) });
  }
  return counts;
}

const BY_NAME: readonly number[] = PII_CLASSES.toSorted().map((name) => PII_CLASSES.indexOf(name));

function pathsOf(redactions: readonly Redaction[]): Reason["paths"] {
  const paths: string[] = [];
  for (const { path } of redactions) if (paths.at(-1) !== path) paths.push(path);
  return paths;
}
