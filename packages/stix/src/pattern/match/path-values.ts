import type { ObjectPath, Step } from "../syntax.ts";
import type { Seen } from "./observed.ts";
import type { Work } from "./work.ts";

/** What a path leads to: a JSON value, or the bytes of a binary or hexadecimal property. */
export type Found = unknown;

/**
 * The values that an object path (§9.7) leads to in an object of its type; none where it is absent. A step after
 * `*_ref` or an element of `*_refs` goes on in the object that is referred to, among those given. No value is given
 * twice: references in a circle would double them with every step.
 */
export function valuesAt(
  path: ObjectPath,
  object: Seen,
  objects: ReadonlyMap<string, Seen>,
  work: Work,
): Found[] {
  work.spend(8);
  if (object.type !== path.type) return [];
  let name = "";
  let found: unknown[] = [object];
  for (const step of path.steps) {
    const isReference = name.endsWith("_ref") || name.endsWith("_refs");
    if (step.kind === "property") name = step.name;
    work.spend(1 + found.length);
    // Each once: objects that refer to one another in circles would double their number with every step.
    found = [
      ...new Set(found.flatMap((value) => follow(step, dereferenced(value, isReference, step, objects)))),
    ];
  }
  if (name.endsWith("_bin")) return found.map((value) => decoded(value, "base64"));
  if (name.endsWith("_hex")) return found.map((value) => decoded(value, "hex"));
  return found;
}

/** Whether a path leads from one object to another, so that it matters which others there are. */
export function followsReferences({ steps }: ObjectPath): boolean {
  let name = "";
  for (const step of steps) {
    if (step.kind !== "property") continue;
    if (name.endsWith("_ref") || name.endsWith("_refs")) return true;
    name = step.name;
  }
  return false;
}

function dereferenced(
  value: unknown,
  isReference: boolean,
  step: Step,
  objects: ReadonlyMap<string, Seen>,
): unknown {
  if (!isReference || step.kind !== "property" || typeof value !== "string") return value;
  return objects.get(value);
}

function follow(step: Step, value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) {
    if (step.kind === "any") return value;
    return step.kind === "index" && step.index < value.length ? [value[step.index]] : [];
  }
  if (step.kind !== "property" || !Object.hasOwn(value, step.name)) return [];
  return [(value as Record<string, unknown>)[step.name]];
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const HEX = /^[0-9a-fA-F]*$/;

/** What is no proper encoding stays the text that it is, and equals no bytes. */
function decoded(value: unknown, encoding: "base64" | "hex"): Found {
  if (typeof value !== "string") return value;
  const fits = encoding === "hex" ? value.length % 2 === 0 && HEX.test(value) : BASE64.test(value);
  return fits ? new Uint8Array(Buffer.from(value, encoding)) : value;
}
