import { parseStixObject, resolves, type StixObject } from "@suar/stix";

type Marking = { selectors: readonly string[] };

/**
 * What redaction left as an object that STIX accepts; undefined where there is none. Markings of parts follow what
 * stays (§7.2.3), and an extension that lost what it needs goes whole.
 */
export function asStix(left: StixObject): StixObject | undefined {
  const object = withoutDanglingSelectors(left);
  const parsed = parseStixObject(object);
  if (parsed.ok) return parsed.object;
  const broken = new Set(parsed.issues.map(({ path }) => path.split("/", 3)));
  const keys = [...broken].map(([, property, key]) => (property === "extensions" ? key : undefined));
  if (keys.some((key) => key === undefined)) return undefined;
  const again = parseStixObject(withoutDanglingSelectors(withoutExtensions(object, new Set(keys))));
  return again.ok ? again.object : undefined;
}

function withoutExtensions(object: StixObject, broken: ReadonlySet<string | undefined>): StixObject {
  const { extensions, ...others } = object;
  const kept = Object.entries((extensions ?? {}) as object).filter(([key]) => !broken.has(key));
  return (kept.length === 0 ? others : { ...others, extensions: Object.fromEntries(kept) }) as StixObject;
}

function withoutDanglingSelectors(object: StixObject): StixObject {
  const { granular_markings: markings, ...unmarked } = object;
  if (!Array.isArray(markings)) return object;
  const kept = (markings as readonly Marking[]).flatMap((marking) => {
    const selectors = marking.selectors.filter((selector) => resolves(object, selector));
    return selectors.length === 0 ? [] : [{ ...marking, selectors }];
  });
  return (kept.length === 0 ? unmarked : { ...object, granular_markings: kept }) as StixObject;
}
