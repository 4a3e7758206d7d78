import { isStixId } from "./identifier.ts";
import { followSelectors } from "./selector.ts";
import { pointer, type StixObject } from "./stix-object.ts";

/** One reference: where it stands (a JSON Pointer) and where it leads. */
export type Reference = { path: string; id: string };

/** Markings say who may see an object, not what it is about; the gate follows them by itself. */
const MARKINGS: ReadonlySet<string> = new Set(["object_marking_refs", "granular_markings"]);

/**
 * Every `*_ref` and `*_refs` (§3.3) of an object, at any depth: in extensions, dictionaries and lists too.
 * What is not an identifier (the local keys of deprecated observed-data `objects`) is no reference.
 */
export function referencesOf(object: StixObject): Reference[] {
  const found: Reference[] = [];
  visit(object, undefined, (id, place) => found.push({ path: pointer(keysTo(place)), id }));
  return found;
}

/** The ids, each once, of what an object is about: all that it refers to but its creator, who is no secret. */
export function namesIn(object: StixObject): string[] {
  const found = new Set<string>();
  visit(object, undefined, (id, { key, up }) => {
    if (up !== undefined || key !== "created_by_ref") found.add(id);
  });
  return found.size === 0 ? [] : [...found];
}

type Place = { key: string; up: Place | undefined };

function visit(value: object, up: Place | undefined, found: (id: string, place: Place) => void): void {
  for (const key in value) {
    const member: unknown = value[key as keyof typeof value];
    if (typeof member === "string") {
      if (key.endsWith("_ref") && isStixId(member)) found(member, { key, up });
    } else if (typeof member === "object" && member !== null) {
      if (up === undefined && MARKINGS.has(key)) continue;
      const place = { key, up };
      if (!key.endsWith("_refs") || !Array.isArray(member)) visit(member, place, found);
      else
        for (const [index, item] of member.entries())
          if (isStixId(item)) found(item, { key: String(index), up: place });
    }
  }
}

function keysTo(place: Place): string[] {
  const keys: string[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.up) keys.unshift(at.key);
  return keys;
}

/**
 * A copy of `object` with every reference that `referencesOf` finds sent through `rewrite`; undefined leaves it
 * out. A list that loses its last element goes with its property, and granular markings follow what stays
 * (§7.2.3). The object's own id and its markings stay. Parts without references are shared with the original,
 * never changed. Whether what is left still says something is for `parseStixObject` to tell.
 */
export function mapReferences(object: StixObject, rewrite: (id: string) => string | undefined): StixObject {
  const gone = new Set<string>();
  const mapped: Record<string, unknown> = {};
  const send = (id: string): string | undefined => {
    const to = rewrite(id);
    if (to === undefined) gone.add(id);
    return to;
  };
  for (const [key, member] of Object.entries(object)) {
    const left = MARKINGS.has(key) ? member : mapMember(key, member, send);
    if (left !== undefined) mapped[key] = left;
  }
  const left = mapped as StixObject;
  return gone.size === 0 ? left : followSelectors(object, left, (id) => gone.has(id));
}

type Rewrite = (id: string) => string | undefined;

function mapMember(key: string, member: unknown, rewrite: Rewrite): unknown {
  if (typeof member === "string") return key.endsWith("_ref") && isStixId(member) ? rewrite(member) : member;
  if (typeof member !== "object" || member === null) return member;
  if (!key.endsWith("_refs") || !Array.isArray(member)) return mapContainer(member, rewrite);
  const left = member.flatMap((item: unknown) => (isStixId(item) ? (rewrite(item) ?? []) : [item]));
  return left.length === 0 && member.length > 0 ? undefined : left;
}

function mapContainer(value: object, rewrite: Rewrite): object {
  let changed = false;
  const entries = Object.entries(value).flatMap(([key, member]): [string, unknown][] => {
    const mapped = mapMember(key, member, rewrite);
    changed ||= mapped !== member;
    return mapped === undefined ? [] : [[key, mapped]];
  });
  if (!changed) return value;
  return Array.isArray(value) ? entries.map(([, member]) => member) : Object.fromEntries(entries);
}
