import type { Hit, WarningLists } from "@suar/formats";
import { ObservableKind, type ObservableValue, type StixObject, valuesAlone } from "@suar/stix";

/** So many lists are told of an object. */
const MOST_TOLD = 10;

/** The warning lists that values of an object are on, each once; `keys` are its observable keys. */
export function findWarnings(lists: WarningLists, object: StixObject, keys: readonly string[]): Hit[] {
  const hits = new Map<string, Hit>();
  for (const value of valuesOf(object, keys)) {
    for (const hit of lists.hits(value)) {
      if (hits.size === MOST_TOLD) break;
      hits.set(`${hit.isShared} ${hit.name}`, hit);
    }
  }
  return [...hits.values()];
}

/** What it names by itself: the host of a URL is among its keys, and not what it speaks of. */
function valuesOf(object: StixObject, keys: readonly string[]): readonly ObservableValue[] {
  const { type, pattern } = object;
  if (keys.length < 2) return keys.flatMap(valueOfKey);
  const found = type === "indicator" && typeof pattern === "string" ? valuesAlone(pattern) : undefined;
  if (found?.isPlain === true) return found.values;
  const values = keys.flatMap(valueOfKey);
  const hosts = new Set(values.flatMap(({ kind, value }) => (kind === "url" ? [hostOf(value)] : [])));
  return values.filter(({ kind, value }) => kind === "url" || !hosts.has(value));
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname.replace(/^\[(.*)\]$/, "$1") ?? "";
}

function valueOfKey(key: string): ObservableValue[] {
  const colon = key.indexOf(":");
  const kind = ObservableKind.safeParse(key.slice(0, colon));
  return kind.success ? [{ kind: kind.data, value: key.slice(colon + 1) }] : [];
}
