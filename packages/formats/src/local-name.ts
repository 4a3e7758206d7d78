import { uuidv5 } from "@suar/stix";

const NAMESPACE = "4f0b7c1d-6a52-5e0b-8d3e-2a90c6b1f7d4";
const MARK = "10ca10ca";
const LOCAL = new RegExp(`^([a-z0-9-]+)--${MARK}-[0-9a-f]{4}-8[0-9a-f]{3}-`);

/**
 * The name that drafts of one submission use for each other before ids are final. It has the form of a STIX id
 * (with a UUID of RFC 9562's version 8, which is ours to fill), so that references are found, checked against
 * the types that they may lead to, and rewritten like any others; its mark tells it from an id.
 */
export function localName(type: string, name: string): string {
  const uuid = uuidv5(NAMESPACE, `${type}/${name}`);
  return `${type}--${MARK}${uuid.slice(8, 14)}8${uuid.slice(15)}`;
}

/** The STIX type of a local; nothing when the text is an id or no name at all. */
export function typeOfLocal(text: string): string | undefined {
  return LOCAL.exec(text)?.[1];
}
