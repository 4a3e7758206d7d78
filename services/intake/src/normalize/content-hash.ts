import { hash } from "node:crypto";
import { contentOf } from "@suar/stix";

/** Text that can be written as JSON but not stored. */
export class MalformedText extends Error {
  override readonly name = "MalformedText";
}

const ESCAPED_NUL = /(?<!\\)(?:\\\\)*\\u0000/;

/**
 * Identifies what was said. `filled` names the properties that came from the time of receipt: sending the same
 * again must not look like news. Throws MalformedText where a text of it holds NUL.
 */
export function contentHash(object: Readonly<Record<string, unknown>>, filled: readonly string[]): Buffer {
  const json = contentOf(object, filled);
  if (json.includes("\\u0000") && ESCAPED_NUL.test(json))
    throw new MalformedText("A text of it holds NUL, which nothing stores");
  return hash("sha256", json, "buffer");
}
