import type { DryRunWarning } from "@suar/contract";
import { classify } from "@suar/policy";
import type { StixObject } from "@suar/stix";
import type { FinalItem } from "../release/final-item.ts";

const MOST_EXAMPLES = 10;

/** What objects are taken for by what they bear, where it may be otherwise and nobody but their submitter knows. */
export function listWarnings(objects: readonly StixObject[]): DryRunWarning[] {
  const numbered = objects.filter((one) => one.type === "vulnerability" && classify(one) === "vuln.public");
  const ids = [...new Set(numbered.map(({ id }) => id))];
  return warningOf("cve-taken-as-published", ids);
}

/** Objects whose values are on warning lists: they go out all the same. */
export function listHits(final: readonly Pick<FinalItem, "id" | "item" | "warnings">[]): DryRunWarning[] {
  const hits = final.filter(({ item, warnings }) => item !== undefined && warnings.length > 0);
  return warningOf("on-warning-list", [...new Set(hits.map(({ id }) => id))]);
}

function warningOf(code: DryRunWarning["code"], ids: readonly string[]): DryRunWarning[] {
  if (ids.length === 0) return [];
  return [{ code, objects: ids.slice(0, MOST_EXAMPLES), objectsInAll: ids.length }];
}
