const LOCAL = /^local:([a-z0-9-]+):/;

/**
 * Names that drafts of one submission use for each other before ids are final: `local:<STIX type>:<name>`. The
 * type is part of the name so that a reference can be checked against what the specification lets it point to,
 * and the colons keep it from ever being taken for a STIX id.
 */
export function localName(type: string, name: string): string {
  return `local:${type}:${name}`;
}

/** The STIX type of a local, or nothing when the text is not one. */
export function typeOfLocal(text: string): string | undefined {
  return LOCAL.exec(text)?.[1];
}
