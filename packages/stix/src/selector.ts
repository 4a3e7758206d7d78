import type { Report } from "./object-type.ts";
import type { StixObject } from "./stix-object.ts";

type GranularMarking = { selectors: readonly string[] };

/** §7.2.3: every selector of a granular marking must lead to something in its own object. */
export function checkSelectors(object: StixObject, report: Report): void {
  const markings = object.granular_markings as readonly GranularMarking[] | undefined;
  markings?.forEach((marking, m) => {
    marking.selectors.forEach((selector, s) => {
      if (resolves(object, selector)) return;
      report(`/granular_markings/${m}/selectors/${s}`, "selector", `nothing stands at ${selector}`);
    });
  });
}

/** Whether `selector`, such as `external_references.[0].url`, leads to a value in `object`. */
export function resolves(object: unknown, selector: string): boolean {
  let at = object;
  for (const step of selector.split(".")) {
    if (typeof at !== "object" || at === null) return false;
    const key = step.startsWith("[") ? step.slice(1, -1) : step;
    if (Array.isArray(at) !== step.startsWith("[") || !Object.hasOwn(at, key)) return false;
    at = (at as Record<string, unknown>)[key];
  }
  return true;
}
