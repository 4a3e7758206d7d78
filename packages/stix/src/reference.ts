import { isStixId, typeOfId } from "./identifier.ts";
import { followSelectors } from "./selector.ts";
import { pointer, type StixObject } from "./stix-object.ts";

/** One reference: where it stands (a JSON Pointer) and where it leads. */
export type Reference = { path: string; id: string };

/** Markings say who may see an object, not what it is about; the gate follows them by itself. */
const OF_MARKINGS: ReadonlySet<string> = new Set(["marking-definition", "extension-definition"]);

/**
 * Every identifier in an object, at any depth: `*_ref` and `*_refs` (§3.3), and wherever else a producer may have
 * written one (an external id, a key of a dictionary), since naming a thing anywhere tells of it. The object's own
 * id and markings are none; the local keys of deprecated observed-data `objects` are no identifiers.
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
    if (up !== undefined || key !== "created_by_ref" || typeOfId(id) !== "identity") found.add(id);
  });
  return found.size === 0 ? [] : [...found];
}

type Place = { key: string; up: Place | undefined };

function visit(value: object, up: Place | undefined, found: (id: string, place: Place) => void): void {
  // Not `for … in`: see `findPersonalData`.
  for (const key of Object.keys(value)) {
    const member: unknown = value[key as keyof typeof value];
    if (isReference(key)) found(key, { key, up });
    if (typeof member === "string") {
      if (isReference(member) && (up !== undefined || key !== "id")) found(member, { key, up });
    } else if (typeof member === "object" && member !== null) visit(member, { key, up }, found);
  }
}

function isReference(text: unknown): text is string {
  return isStixId(text) && !OF_MARKINGS.has(typeOfId(text));
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
    const left = key === "id" ? member : mapMember(member, send);
    if (left !== undefined) mapped[key] = left;
  }
  const left = mapped as StixObject;
  return gone.size === 0 ? left : followSelectors(object, left, (id) => gone.has(id));
}

type Rewrite = (id: string) => string | undefined;

function mapMember(member: unknown, rewrite: Rewrite): unknown {
  if (typeof member === "string") return isReference(member) ? rewrite(member) : member;
  if (typeof member !== "object" || member === null) return member;
  return Array.isArray(member) ? mapList(member, rewrite) : mapContainer(member, rewrite);
}

/** A list that loses its last element goes. */
function mapList(list: readonly unknown[], rewrite: Rewrite): unknown {
  const left = list.map((item) => mapMember(item, rewrite));
  if (left.every((item, index) => item === list[index])) return list;
  const kept = left.filter((item) => item !== undefined);
  return kept.length === 0 ? undefined : kept;
}

function mapContainer(value: object, rewrite: Rewrite): object {
  let changed = false;
  const entries = Object.entries(value).flatMap(([key, member]): [string, unknown][] => {
    const name = isReference(key) ? rewrite(key) : key;
    const mapped = mapMember(member, rewrite);
    changed ||= mapped !== member || name !== key;
    return mapped === undefined || name === undefined ? [] : [[name, mapped]];
  });
  return changed ? Object.fromEntries(entries) : value;
}
