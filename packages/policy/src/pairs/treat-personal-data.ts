import type { PiiCount, Redaction } from "../outcome.ts";
import type { PiiFinding } from "../personal-data.ts";
import type { Reason } from "../reason.ts";
import type { Ruling } from "../ruling.ts";
import type { CompiledPair, CompiledRule } from "./compiled-pair.ts";
import { type Operation, operationOf, piiIndex } from "./operation.ts";

/** The rules that speak of what was found, if any do. */
type Spoken = readonly CompiledRule[] | undefined;

/**
 * What becomes of each finding: the strictest of what the pair does to its kind and what the rules that speak do.
 * Returns how many people's data the pair would let cross in any form if no rule spoke: who counts towards its quota.
 * A rule that drops more frees nothing, or a stricter marking could let an object through.
 */
export function treatPersonalData(
  pair: CompiledPair,
  spoken: Spoken,
  findings: readonly PiiFinding[],
  ruling: Ruling,
): number {
  const { redactions, pii } = treat(pair, spoken, findings);
  ruling.treat(redactions, pii);
  tell(pair, spoken, redactions, ruling);
  let individuals = 0;
  for (const one of pii)
    if (operationOn(one.class, pair, undefined) !== "drop") individuals += one.individuals;
  return individuals;
}

/** Redactions in the order of places, each place and kind once; counts in the order of kinds. */
function treat(
  pair: CompiledPair,
  spoken: Spoken,
  findings: readonly PiiFinding[],
): { redactions: Redaction[]; pii: PiiCount[] } {
  const redactions: Redaction[] = [];
  const pii: PiiCount[] = [];
  let isSorted = true;
  let before: PiiFinding | undefined;
  for (const finding of findings) {
    const { path, class: kind } = finding;
    const op = operationOn(kind, pair, spoken);
    if (before !== undefined && compare(before, finding) >= 0) isSorted = false;
    before = finding;
    redactions.push({ path, op, class: kind });
    count(pii, finding, op);
  }
  return { redactions: isSorted ? redactions : eachOnce(redactions.sort(compare)), pii };
}

function tell(pair: CompiledPair, spoken: Spoken, redactions: readonly Redaction[], ruling: Ruling): void {
  const everywhere = pathsOf(redactions);
  ruling.restrictions.push(at(pair.byDefault, everywhere));
  for (const rule of spoken ?? []) {
    const paths = rule.namesAllPii ? everywhere : pathsOf(redactions, rule);
    if (paths.length > 0) ruling.restrictions.push(at(rule.reason, paths));
  }
}

function operationOn(kind: PiiFinding["class"], pair: CompiledPair, spoken: Spoken): Operation {
  const index = piiIndex(kind);
  let strictest = pair.strictness[index] ?? 0;
  if (spoken !== undefined)
    for (const { strictness } of spoken) {
      const said = strictness[index] ?? 0;
      if (said > strictest) strictest = said;
    }
  return operationOf(strictest);
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

/** There are no more than there are kinds: each is put in its place. */
function count(counts: PiiCount[], { class: kind, individuals }: PiiFinding, op: Operation): void {
  for (const known of counts)
    if (known.class === kind) {
      known.individuals += individuals;
      return;
    }
  const one = { class: kind, individuals, op };
  let at = counts.push(one) - 1;
  for (let before = counts[at - 1]; before !== undefined && before.class > kind; before = counts[at - 1]) {
    counts[at] = before;
    at -= 1;
  }
  counts[at] = one;
}

function isNamedBy({ strictness }: CompiledRule, { class: kind }: Redaction): boolean {
  return strictness[piiIndex(kind)] !== 0;
}

/** Each once; with a rule, of what it speaks of. */
function pathsOf(redactions: readonly Redaction[], rule?: CompiledRule): Reason["paths"] {
  const paths: string[] = [];
  let before: string | undefined;
  for (const one of redactions) {
    if (one.path === before || (rule !== undefined && !isNamedBy(rule, one))) continue;
    paths.push(one.path);
    before = one.path;
  }
  return paths;
}

function at({ code, rule, source, guide }: Reason, paths: Reason["paths"]): Reason {
  return guide === undefined ? { code, rule, source, paths } : { code, rule, source, guide, paths };
}
