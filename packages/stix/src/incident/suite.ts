/**
 * The incident suite: what the stub `incident` of STIX 2.1 means to those who exchange incidents.
 *
 * Pinned to one shape: "Incident Core Extension Version 2.0 for STIX Version 2.1", draft of 10 October 2023
 * (oasis-open/cti-stix-common-objects, `Incident Extension Suite.adoc` of that day). Sections in this folder
 * are that draft's; an issue calls them `incident-core 2.2` and the like. Its extension ids stood for other shapes
 * before and after, and nothing in an object says which it means. So a shape is known by its words: an object is of
 * the pinned one when the draft names every property that it holds (`x_` ones aside), and no value is a word of
 * another draft alone. What is of another shape is nobody's error: it is kept as it is, like any unknown extension.
 *
 * Three rules of the draft are read as its successors mended them: an end may be its start's very instant; an
 * amount may be 0 (the draft itself asks for a `min_amount` of 0 in a ransom demand); and an amount needs a
 * conversion rate only where another currency was actually used.
 */

/** Whether the pinned draft names every property of a value. */
export function isNamed(value: object, names: ReadonlySet<string>): boolean {
  for (const name in value) if (!names.has(name) && !name.startsWith("x_")) return false;
  return true;
}
