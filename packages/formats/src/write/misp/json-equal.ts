import { canonicalJson } from "@suar/stix";

/** Whether two values are the same JSON, in whatever order their properties stand. */
export function isJsonEqual(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
