/** Any STIX object: what its type defines, and whatever else its producer said, untouched. */
export type StixObject = { type: string; id: string; [property: string]: unknown };

/**
 * One reason for refusing an object.
 *
 * `code` is stable and kebab-case, `path` a JSON Pointer (RFC 6901) into what was parsed, `section` the part of
 * STIX 2.1 that the rule stands in (or of the incident suite: `incident-core 2.3`). Of a bundle, `object` is the
 * id of the object that it is about, where that has one.
 */
export type StixIssue = { code: string; path: string; message: string; section: string; object?: string };

/** An issue in one line: `/valid_until must be after valid_from (STIX 2.1 §4.7)`. */
export function formatIssue({ path, message, section }: StixIssue): string {
  const rule = /^\d/.test(section) ? `STIX 2.1 §${section}` : section.replace(" ", " §");
  return `${path} ${message} (${rule})`.trimStart();
}

/** A JSON Pointer (RFC 6901) from the keys that lead to a value. */
export function pointer(keys: readonly PropertyKey[]): string {
  return keys.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
