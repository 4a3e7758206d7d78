import type { PiiCount, Redaction } from "../outcome.ts";
import type { PiiFinding } from "../personal-data.ts";
import type { Reason } from "../reason.ts";
import type { Ruling } from "../ruling.ts";
import type { CompiledPair, CompiledRule } from "./compiled-pair.ts";
import { operationOf, piiIndex } from "./operation.ts";

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
  const everywhere = pathsOf(redactions);
  ruling.restrictions.push(at(pair.byDefault, everywhere));
  for (const rule of spoken ?? []) {
    const paths = rule.namesAllPii ? everywhere : pathsOf(redactions.filter((one) => isNamedBy(rule, one)));
    if (paths.length > 0) ruling.restrictions.push(at(rule.reason, paths));
  }
  let individuals = 0;
  for (const count of pii) if (count.op !== "drop") individuals += count.individuals;
  return individuals;
}

function strictest(base: readonly number[], spoken: readonly CompiledRule[]): number[] {
  const all = base.slice();
  for (const { strictness } of spoken) {
    for (let index = 0; index < all.length; index += 1) {
      const said = strictness[index] ?? 0;
      if (said > (all[index] ?? 0)) all[index] = said;
    }
  }
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
    redactions.push({ path, op: treatment(kind, strictness), class: kind });
  }
  return isSorted ? redactions : eachOnce(redactions.sort(compare));
}

function eachOnce(sorted: readonly Redaction[]): Redaction[] {
  return sorted.filter((one, index) => {
    const before = sorted[index - 1];
    return before === undefined || compare(before, one) !== 0;
  });
}

type Place = { path: string; class: string };

function compare(a: Place, b: Place): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.class === b.class ? 0 : a.class < b.class ? -1 : 1;
}

/** In the order of kinds' names. Only as many as there are kinds: they are put in their place one by one. */
function countsOf(findings: readonly PiiFinding[], strictness: readonly number[]): PiiCount[] {
  const counts: PiiCount[] = [];
  for (const { class: kind, individuals } of findings) {
    let index = 0;
    while (index < counts.length && (counts[index]?.class ?? kind) < kind) index += 1;
    const known = counts[index];
    if (known?.class === kind) known.individuals += individuals;
    else counts.splice(index, 0, { class: kind, individuals, op: treatment(kind, strictness) });
  }
  return counts;
}

function treatment(kind: PiiFinding["class"], strictness: readonly number[]): PiiCount["op"] {
  return operationOf(strictness[piiIndex(kind)] ?? 0);
}

function isNamedBy({ strictness }: CompiledRule, { class: kind }: Redaction): boolean {
  return strictness[piiIndex(kind)] !== 0;
}

function pathsOf(redactions: readonly Redaction[]): Reason["paths"] {
  const paths: string[] = [];
  let before: string | undefined;
  for (const { path } of redactions) {
    if (path !== before) paths.push(path);
    before = path;
  }
  return paths;
}

function at({ code, rule, source, guide }: Reason, paths: Reason["paths"]): Reason {
  return guide === undefined ? { code, rule, source, paths } : { code, rule, source, guide, paths };
}
