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

/**
 * `left` with granular markings that mean what they meant in `before`, of which the references that are gone
 * were left out: places in lists move up, and a marking of what is no longer there goes with it (§7.2.3).
 */
export function followSelectors(
  before: StixObject,
  left: StixObject,
  isGone: (id: string) => boolean,
): StixObject {
  if (!Array.isArray(before.granular_markings)) return left;
  const markings = (before.granular_markings as readonly GranularMarking[]).flatMap((marking) => {
    const selectors = marking.selectors
      .flatMap((selector) => followed(before, selector, isGone) ?? [])
      .filter((selector) => resolves(left, selector));
    return selectors.length === 0 ? [] : [{ ...marking, selectors }];
  });
  const { granular_markings: _, ...unmarked } = left;
  return (markings.length === 0 ? unmarked : { ...left, granular_markings: markings }) as StixObject;
}

/** Where a selector leads once the gone elements have left their lists; undefined when to one of these. */
function followed(object: StixObject, selector: string, isGone: (id: string) => boolean): string | undefined {
  let at: unknown = object;
  let list = false;
  const steps: string[] = [];
  for (const step of selector.split(".")) {
    if (typeof at !== "object" || at === null) return undefined;
    const key = step.startsWith("[") ? step.slice(1, -1) : step;
    if (list && Array.isArray(at)) {
      const index = Number(key);
      if (isGone(at[index] as string)) return undefined;
      const before = at.slice(0, index).filter((item) => isGone(item as string)).length;
      steps.push(`[${index - before}]`);
    } else steps.push(step);
    list = key.endsWith("_refs");
    at = (at as Record<string, unknown>)[key];
  }
  return steps.join(".");
}
