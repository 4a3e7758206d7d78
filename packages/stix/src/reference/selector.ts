import type { StixObject } from "../stix-object.ts";
import type { Report } from "../type/object-type.ts";

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
  if (!Array.isArray(left.granular_markings)) return left;
  const places = newPlaces(isGone);
  const markings = (left.granular_markings as readonly GranularMarking[]).flatMap((marking) => {
    const selectors = marking.selectors
      .flatMap((selector) => followed(before, selector, places) ?? [])
      .filter((selector) => resolves(left, selector));
    return selectors.length === 0 ? [] : [{ ...marking, selectors }];
  });
  const { granular_markings: _, ...unmarked } = left;
  return (markings.length === 0 ? unmarked : { ...left, granular_markings: markings }) as StixObject;
}

type Places = (list: readonly unknown[]) => readonly number[];

/** Of a list, where each element stands once the gone ones have left; -1 for these. Worked out once a list. */
function newPlaces(isGone: (id: string) => boolean): Places {
  const known = new Map<readonly unknown[], readonly number[]>();
  return (list) => {
    let next = 0;
    const places = known.get(list) ?? list.map((item) => (isGone(item as string) ? -1 : next++));
    known.set(list, places);
    return places;
  };
}

/** Where a selector leads once the gone elements have left their lists; undefined when to one of these. */
function followed(object: StixObject, selector: string, places: Places): string | undefined {
  let at: unknown = object;
  const steps: string[] = [];
  for (const step of selector.split(".")) {
    if (typeof at !== "object" || at === null) return undefined;
    const key = step.startsWith("[") ? step.slice(1, -1) : step;
    if (Array.isArray(at)) {
      const place = places(at)[Number(key)] ?? -1;
      if (place < 0) return undefined;
      steps.push(`[${place}]`);
    } else steps.push(step);
    at = (at as Record<string, unknown>)[key];
  }
  return steps.join(".");
}
