import { pointer, type StixIssue } from "../stix-object.ts";

const DEEPEST = 64;

/** What was found, and the keys that lead to it, from the last to the first. */
type Danger = Omit<StixIssue, "path"> & { keys: string[] };

/**
 * What no STIX object may hold, wherever it stands: the first of it in a value from a stranger, or `undefined`. A key
 * that could reach a prototype (`forbidden-key`), nesting beyond 64 (`too-deep`), half a surrogate pair, which has
 * no UTF-8 (`malformed-text`, §2.14), and a number that cannot be held (`out-of-range`, §2.6), which readers hand over
 * as Infinity: `1e999`, and whole numbers that would be altered. What is left has a canonical form.
 *
 * It calls itself no deeper than that: the input does not choose when our stack overflows.
 */
export function findDanger(root: object): StixIssue | undefined {
  const danger = dangerIn(root, 1);
  if (danger === undefined) return undefined;
  const { keys, ...issue } = danger;
  return { ...issue, path: pointer(keys.reverse()) };
}

function dangerIn(value: object, depth: number): Danger | undefined {
  if (depth > DEEPEST)
    return { code: "too-deep", message: `nested deeper than ${DEEPEST}`, section: "2", keys: [] };
  return Array.isArray(value) ? inList(value, depth) : inMembers(value as Record<string, unknown>, depth);
}

function inList(items: readonly unknown[], depth: number): Danger | undefined {
  for (let index = 0; index < items.length; index += 1) {
    const danger = inValue(items[index], depth);
    if (danger !== undefined) return under(String(index), danger);
  }
  return undefined;
}

function inMembers(members: Readonly<Record<string, unknown>>, depth: number): Danger | undefined {
  for (const key in members) {
    const danger = inKey(key) ?? inValue(members[key], depth);
    if (danger !== undefined) return under(key.toWellFormed(), danger);
  }
  return undefined;
}

function under(key: string, danger: Danger): Danger {
  if (danger.code !== "too-deep") danger.keys.push(key);
  return danger;
}

function inKey(key: string): Danger | undefined {
  if (isForbidden(key))
    return { code: "forbidden-key", message: `the key ${key} is never accepted`, section: "3.1", keys: [] };
  return key.isWellFormed() ? undefined : malformed();
}

function inValue(value: unknown, depth: number): Danger | undefined {
  if (typeof value === "string") return value.isWellFormed() ? undefined : malformed();
  if (typeof value === "object" && value !== null) return dangerIn(value, depth + 1);
  if (typeof value !== "number" || Number.isFinite(value)) return undefined;
  return {
    code: "out-of-range",
    message: "a number that cannot be kept as it is; give it as a string",
    section: "2.6",
    keys: [],
  };
}

function malformed(): Danger {
  return { code: "malformed-text", message: "holds half a surrogate pair", section: "2.14", keys: [] };
}

function isForbidden(key: string): boolean {
  if (key.length !== 9 && key.length !== 11) return false;
  return key === "__proto__" || key === "prototype" || key === "constructor";
}
