import { hash } from "node:crypto";
import { canonicalJson } from "@suar/stix";

/**
 * Identifies what was said. `filled` names the properties that came from the time of receipt: sending the same
 * again must not look like news.
 */
export function contentHash(object: Readonly<Record<string, unknown>>, filled: readonly string[]): Buffer {
  let said = object;
  if (filled.length > 0) {
    const copy: Record<string, unknown> = {};
    for (const key in object) if (!filled.includes(key)) copy[key] = object[key];
    said = copy;
  }
  return hash("sha256", canonicalJson(said), "buffer");
}
