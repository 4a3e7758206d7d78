import { canonicalJson } from "../name/canonical-json.ts";
import { parseStixObject } from "../parse/parse-object.ts";
import type { StixObject } from "../stix-object.ts";

/** What stands in the place of a text that a type cannot do without. */
const WITHDRAWN = "Withdrawn";
/** Matches nothing: whoever installs patterns without looking at `revoked` finds nothing by it. */
const NO_PATTERN = "[file:size < 0]";

type Required = { author: string; created: unknown };

/**
 * What a type requires besides the common properties, without a word of what was said. Not here, because that cannot
 * be: relationships and sightings, which are their ends (§5); observed data, which is what was observed (§4.14);
 * locations, which need a place (§4.11); language contents and custom objects.
 */
const REQUIRED: Readonly<Record<string, (object: Required) => object>> = {
  "attack-pattern": named,
  campaign: named,
  "course-of-action": named,
  grouping: ({ author }) => ({ context: "unspecified", object_refs: [author] }),
  identity: named,
  incident: named,
  indicator: ({ created }) => ({ pattern: NO_PATTERN, pattern_type: "stix", valid_from: created }),
  infrastructure: named,
  "intrusion-set": named,
  malware: () => ({ is_family: false }),
  "malware-analysis": () => ({ product: WITHDRAWN, result: "unknown" }),
  note: ({ author }) => ({ content: WITHDRAWN, object_refs: [author] }),
  opinion: ({ author }) => ({ opinion: "neutral", object_refs: [author] }),
  report: ({ author, created }) => ({ name: WITHDRAWN, published: created, object_refs: [author] }),
  "threat-actor": named,
  tool: named,
  vulnerability: named,
};

function named(): object {
  return { name: WITHDRAWN };
}

export type RevocationOf = {
  /** Of the new version; later than the object's own (§3.6). */
  modified: string;
  /** The identity of whoever takes it back. */
  author: string;
  markings: readonly string[];
};

/**
 * The version of an object that says that it is revoked (§3.2) and nothing else. Undefined where the standard has
 * none: for what is no domain object, for what needs its content to be valid, and for what somebody else created, who
 * alone makes new versions (§3.6).
 */
export function revocationOf(
  { type, id, created, created_by_ref: creator }: StixObject,
  { modified, author, markings }: RevocationOf,
): StixObject | undefined {
  const required = REQUIRED[type];
  if (required === undefined || (creator !== undefined && creator !== author)) return undefined;
  const revoked = {
    type,
    spec_version: "2.1",
    id,
    ...(creator !== undefined && { created_by_ref: creator }),
    created,
    modified,
    revoked: true,
    ...required({ author, created }),
    ...(markings.length > 0 && { object_marking_refs: [...markings] }),
  } as StixObject;
  return parseStixObject(revoked).ok ? revoked : undefined;
}

/** Whether an object says nothing but that it is revoked, as `revocationOf` has it. */
export function isBareRevocation(object: StixObject): boolean {
  const { modified, object_refs: refs, object_marking_refs: markings = [] } = object;
  const [referred] = Array.isArray(refs) ? refs : [];
  const author = String(object.created_by_ref ?? referred ?? "");
  if (object.revoked !== true || typeof modified !== "string" || !Array.isArray(markings)) return false;
  const bare = revocationOf(object, { modified, author, markings });
  return bare !== undefined && canonicalJson(bare) === canonicalJson(object);
}
