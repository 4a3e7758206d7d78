import { AppError, type ProblemPlace } from "@suar/contract";
import type { Queryable } from "@suar/runtime";
import {
  canonicalize,
  classifyValue,
  isObservable,
  isStixId,
  observableKey,
  refang,
  typeOfId,
  valuesAlone,
} from "@suar/stix";
import { type StatementRow, selectIndicatorsOf, selectSightable } from "../store/sightable.ts";

export type Wanted = { of?: string | undefined; value?: string | undefined };

/** What one call sights at most, however many indicators look for its values. */
const MOST_FOUND = 5_000;
/** STIX 2.1 §5.2: a sighting is of an SDO. */
const NO_SDO: ReadonlySet<string> = new Set([
  "relationship",
  "sighting",
  "marking-definition",
  "language-content",
  "extension-definition",
]);

/** What a sighting is of, and who states it to the caller under which marking. */
export type Sightable = { id: string; stated: readonly StatementRow[] };

/**
 * What sightings are of, as far as the caller may see it: one thing where an id was named, and all indicators that look for a
 * value by itself. Throws `not-found`, naming each that is of nothing the caller may see, or `bad-request`.
 */
export async function findSighted(db: Queryable, wanted: readonly Wanted[]): Promise<Sightable[][]> {
  const ids = wanted.map(({ of }, place) => (of === undefined ? undefined : sdoIdOf(of, place)));
  const keys = wanted.map(({ value }, place) => (value === undefined ? undefined : keyOf(value, place)));
  const seen = Map.groupBy(await selectSightable(db, defined(ids)), ({ stix_id }) => stix_id);
  const looked = await indicatorsBy(db, new Set(defined(keys)));
  const found = wanted.map((_, place): Sightable[] => {
    const [id, key] = [ids[place], keys[place]];
    if (key !== undefined) return sightables(Map.groupBy(looked.get(key) ?? [], ({ stix_id }) => stix_id));
    const stated = id === undefined ? undefined : seen.get(id);
    return id === undefined || stated === undefined ? [] : [{ id, stated }];
  });
  const missing = found.flatMap((of, place) => (of.length === 0 ? [missingAt(place)] : []));
  if (missing.length > 0) throw new AppError("not-found", undefined, { errors: missing.slice(0, 100) });
  if (found.flat().length > MOST_FOUND)
    throw new AppError("too-large", `At most ${MOST_FOUND} indicators at once: say less, or name their ids`);
  return found;
}

function sightables(stated: ReadonlyMap<string, StatementRow[]>): Sightable[] {
  return [...stated].map(([id, rows]) => ({ id, stated: rows }));
}

function missingAt(place: number): ProblemPlace {
  return { path: `/sightings/${place}`, code: "not-found", message: "Nothing that you may see" };
}

function sdoIdOf(of: string, place: number): string | undefined {
  const id = of.toLowerCase();
  if (!isStixId(id)) return undefined;
  const type = typeOfId(id);
  if (!isObservable(type) && !NO_SDO.has(type)) return id;
  const detail = `/sightings/${place}: a sighting is of an indicator or another SDO (STIX 2.1 §5.2), not of ${type}; name its value`;
  throw new AppError("bad-request", detail);
}

function keyOf(value: string, place: number): string {
  const text = refang(value);
  const kind = classifyValue(text);
  const canonical = kind === undefined ? undefined : canonicalize(kind, text);
  if (kind === undefined || canonical?.ok !== true)
    throw new AppError("bad-request", `/sightings/${place}: no value that is known: ${value.slice(0, 80)}`);
  return observableKey(kind, canonical.value);
}

/** A URL's indicator is found by its host, too, which by itself is not what it looks for. */
async function indicatorsBy(db: Queryable, keys: ReadonlySet<string>): Promise<Map<string, StatementRow[]>> {
  if (keys.size === 0) return new Map();
  const found = await selectIndicatorsOf(db, [...keys]);
  return Map.groupBy(
    found.filter(({ key, body }) => looksFor(body, key)),
    ({ key }) => key,
  );
}

function looksFor(body: string, key: string): boolean {
  const { pattern, pattern_type: language } = JSON.parse(body) as {
    pattern?: unknown;
    pattern_type?: unknown;
  };
  if (language !== "stix" || typeof pattern !== "string") return false;
  const alone = valuesAlone(pattern);
  return alone.isPlain && alone.values.some(({ kind, value }) => observableKey(kind, value) === key);
}

function defined(values: readonly (string | undefined)[]): string[] {
  return values.filter((value) => value !== undefined);
}
