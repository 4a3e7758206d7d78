import type { StixObject } from "@suar/stix";
import { allowListOf } from "../allow/allow-list.ts";
import { type PersonalContext, resolvedShape } from "../allow/shape.ts";
import type { RedactionKeys } from "./operation.ts";
import { redactField } from "./redact-field.ts";
import type { Operations } from "./redact-text.ts";

/**
 * The copy where all that is redacted stands in the object's own free texts, as most of it does: other words in their
 * place are as valid as the first, so that nothing else is walked through or looked at again. Undefined where anything
 * stands elsewhere, or would leave its place empty.
 */
export function redactProse(
  object: StixObject,
  byPath: ReadonlyMap<string, Operations>,
  keys: RedactionKeys,
  context: PersonalContext,
): StixObject | undefined {
  const shape = resolvedShape(allowListOf(object.type), object, context);
  if (typeof shape !== "object") return undefined;
  const copy: StixObject = { ...object };
  for (const [path, operations] of byPath) {
    const key = path.slice(1);
    const value = object[key];
    if (typeof value !== "string" || !Object.hasOwn(shape, key) || shape[key] !== "prose") return undefined;
    if (operations.has("unlisted")) return undefined;
    const left = redactField(value, { kind: "prose", key, object, context }, operations, keys, false);
    if (typeof left !== "string" || left === "") return undefined;
    copy[key] = left;
  }
  return copy;
}
