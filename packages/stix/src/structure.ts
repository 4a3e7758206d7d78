import { pointer, type StixIssue } from "./stix-object.ts";

const DEEPEST = 64;

/** A container still to be looked into, and the way that led to it. */
type Node = { value: object; depth: number; key: string; parent: Node | undefined };

/**
 * What no STIX object may hold, wherever it stands: the first of it in a value from a stranger, or `undefined`. A key
 * that could reach a prototype (`forbidden-key`), nesting beyond 64 (`too-deep`), half a surrogate pair, which has
 * no UTF-8 (`malformed-text`, §2.14), and a number beyond all that JSON can hold (`out-of-range`, §2.6): `1e999` is
 * read as Infinity. What is left has a canonical form.
 *
 * Walks with its own stack: recursion would let the input choose when ours overflows.
 */
export function findDanger(root: object): StixIssue | undefined {
  const pending: Node[] = [{ value: root, depth: 1, key: "", parent: undefined }];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.depth > DEEPEST) {
      return { code: "too-deep", path: "", message: `nested deeper than ${DEEPEST}`, section: "2" };
    }
    const danger = Array.isArray(node.value) ? enterList(node, pending) : enterObject(node, pending);
    if (danger !== undefined) return danger;
  }
  return undefined;
}

function enterList(node: Node, pending: Node[]): StixIssue | undefined {
  const items = node.value as unknown[];
  for (let index = 0; index < items.length; index += 1) {
    const value = items[index];
    if (typeof value === "object" && value !== null)
      pending.push({ value, depth: node.depth + 1, key: String(index), parent: node });
    else if (!isSound(value)) return issueOf(value, node, String(index));
  }
  return undefined;
}

function enterObject(node: Node, pending: Node[]): StixIssue | undefined {
  const members = node.value as Record<string, unknown>;
  for (const key of Object.keys(members)) {
    if (isForbidden(key)) {
      const message = `the key ${key} is never accepted`;
      return { code: "forbidden-key", path: pathTo(node, key), message, section: "3.1" };
    }
    const value = members[key];
    if (typeof value === "object" && value !== null)
      pending.push({ value, depth: node.depth + 1, key, parent: node });
    else if (!isSound(value)) return issueOf(value, node, key);
    else if (!key.isWellFormed()) return issueOf(key, node, key.toWellFormed());
  }
  return undefined;
}

function isSound(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  return typeof value !== "number" || Number.isFinite(value);
}

function issueOf(value: unknown, node: Node, key: string): StixIssue {
  const path = pathTo(node, key);
  return typeof value === "number"
    ? { code: "out-of-range", path, message: "JSON has no such number", section: "2.6" }
    : { code: "malformed-text", path, message: "holds half a surrogate pair", section: "2.14" };
}

function isForbidden(key: string): boolean {
  if (key.length !== 9 && key.length !== 11) return false;
  return key === "__proto__" || key === "prototype" || key === "constructor";
}

function pathTo(node: Node, last: string): string {
  const keys = [last];
  for (let at = node; at.parent !== undefined; at = at.parent) keys.unshift(at.key);
  return pointer(keys);
}
