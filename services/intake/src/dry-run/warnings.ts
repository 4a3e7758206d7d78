import type { DryRunWarning } from "@suar/contract";
import { classify } from "@suar/policy";
import type { StixObject } from "@suar/stix";

const MOST_EXAMPLES = 10;

/** What objects are taken for by what they bear, where it may be otherwise and nobody but their submitter knows. */
export function listWarnings(objects: readonly StixObject[]): DryRunWarning[] {
  const numbered = objects.filter((one) => one.type === "vulnerability" && classify(one) === "vuln.public");
  const ids = [...new Set(numbered.map(({ id }) => id))];
  if (ids.length === 0) return [];
  return [{ code: "cve-taken-as-published", objects: ids.slice(0, MOST_EXAMPLES), objectsInAll: ids.length }];
}
