import { isStixId } from "./identifier.ts";
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
  collect(object, [], found);
  return found;
}

function collect(value: object, path: readonly string[], found: Reference[]): void {
  for (const [key, member] of Object.entries(value)) {
    if (path.length === 0 && MARKINGS.has(key)) continue;
    if (typeof member === "string") {
      if (key.endsWith("_ref") && isStixId(member)) found.push({ path: pointer([...path, key]), id: member });
    } else if (typeof member === "object" && member !== null) {
      if (key.endsWith("_refs") && Array.isArray(member)) collectList(member, [...path, key], found);
      else collect(member, [...path, key], found);
    }
  }
}

function collectList(items: readonly unknown[], path: readonly string[], found: Reference[]): void {
  items.forEach((item, index) => {
    if (isStixId(item)) found.push({ path: pointer([...path, String(index)]), id: item });
  });
}

/**
 * A copy of `object` with every reference that `referencesOf` finds sent through `rewrite`. The object's own
 * id and its markings stay. Parts without references are shared with the original, never changed.
 */
export function mapReferences(object: StixObject, rewrite: (id: string) => string): StixObject {
  const mapped: StixObject = { ...object };
  for (const [key, member] of Object.entries(object)) {
    if (!MARKINGS.has(key)) mapped[key] = mapMember(key, member, rewrite);
  }
  return mapped;
}

function mapMember(key: string, member: unknown, rewrite: (id: string) => string): unknown {
  if (typeof member === "string") return key.endsWith("_ref") && isStixId(member) ? rewrite(member) : member;
  if (typeof member !== "object" || member === null) return member;
  if (key.endsWith("_refs") && Array.isArray(member)) {
    return member.map((item: unknown) => (isStixId(item) ? rewrite(item) : item));
  }
  return mapContainer(member, rewrite);
}

function mapContainer(value: object, rewrite: (id: string) => string): object {
  let changed = false;
  const entries = Object.entries(value).map(([key, member]): [string, unknown] => {
    const mapped = mapMember(key, member, rewrite);
    changed ||= mapped !== member;
    return [key, mapped];
  });
  if (!changed) return value;
  return Array.isArray(value) ? entries.map(([, member]) => member) : Object.fromEntries(entries);
}
