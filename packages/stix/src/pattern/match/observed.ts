import type { StixObject } from "../../stix-object.ts";
import { instantOf, isTimestamp } from "../../version/timestamp.ts";
import { MatchError } from "./match-error.ts";

/** Finer than any clock; digits beyond are cut off. */
const DIGITS = 12;

/** A cyber-observable object as an observation shows it; embedded ones have no id. */
export type Seen = Readonly<Record<string, unknown>> & { readonly type: string };

/** One Observed Data: when, how often, and the objects that a pattern can see in it (§4.14, §9). */
export type Observed = {
  id: string;
  /** Picoseconds since 1970. */
  first: bigint;
  last: bigint;
  count: number;
  /** By id, or by key where they are embedded; nothing else can be reached by references. */
  objects: ReadonlyMap<string, Seen>;
};

/**
 * Finds the observations in bundles, in Observed Data with its objects embedded, and in lists where Observed Data
 * and objects stand side by side. Throws a MatchError for an observation without its times.
 */
export function readObserved(things: readonly unknown[]): Observed[] {
  const loose = things.filter(isObject).filter(({ type }) => type !== "bundle");
  const shared = byId(loose);
  const found = observationsIn(loose, (id) => shared.get(id));
  for (const bundle of things.filter(isObject)) {
    if (bundle.type !== "bundle" || !Array.isArray(bundle.objects)) continue;
    const own = bundle.objects.filter(isObject);
    const inBundle = byId(own);
    for (const one of observationsIn(own, (id) => inBundle.get(id) ?? shared.get(id))) found.push(one);
  }
  return found;
}

/** A time as observations and patterns are compared by it: picoseconds since 1970. */
export function instant(text: string): bigint {
  return instantOf(text, DIGITS);
}

/** Longer than all of time there is between two timestamps. */
const LONGEST = 1e12;

export function duration(seconds: number): bigint {
  const whole = Math.trunc(Math.min(seconds, LONGEST));
  if (whole === LONGEST) return BigInt(LONGEST) * 10n ** BigInt(DIGITS);
  return BigInt(whole) * 10n ** BigInt(DIGITS) + BigInt(Math.round((seconds - whole) * 10 ** DIGITS));
}

type Find = (id: string) => Seen | undefined;

function observationsIn(objects: readonly Seen[], find: Find): Observed[] {
  return objects.flatMap((object) =>
    object.type === "observed-data" ? [observationOf(object as StixObject, find)] : [],
  );
}

function observationOf(data: StixObject, find: Find): Observed {
  const { id, first_observed: first, last_observed: last, number_observed: count } = data;
  const name = typeof id === "string" ? id : "";
  if (!isTime(first) || !isTime(last))
    throw new MatchError(`${name || "observed-data"} has no first_observed and last_observed`);
  return {
    id: name,
    first: instant(first),
    last: instant(last),
    count: Number.isSafeInteger(count) && (count as number) > 0 ? (count as number) : 1,
    objects: new Map([...referenced(data.object_refs, find), ...embedded(data.objects)]),
  };
}

function referenced(refs: unknown, find: Find): [string, Seen][] {
  if (!Array.isArray(refs)) return [];
  return refs.flatMap((ref: unknown): [string, Seen][] => {
    const object = typeof ref === "string" ? find(ref) : undefined;
    return object === undefined ? [] : [[ref as string, object]];
  });
}

/** §4.14.1 `objects`, deprecated: keys of their own stand for ids. */
function embedded(objects: unknown): [string, Seen][] {
  if (typeof objects !== "object" || objects === null) return [];
  return Object.entries(objects).filter((entry): entry is [string, Seen] => isObject(entry[1]));
}

function byId(objects: readonly Seen[]): Map<string, Seen> {
  const found = new Map<string, Seen>();
  for (const object of objects) if (typeof object.id === "string") found.set(object.id, object);
  return found;
}

function isObject(value: unknown): value is Seen {
  return typeof value === "object" && value !== null && typeof (value as Seen).type === "string";
}

function isTime(value: unknown): value is string {
  return typeof value === "string" && isTimestamp(value);
}
