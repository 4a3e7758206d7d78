import type { StixObject } from "../stix-object.ts";

/** What somebody says of an indicator after it was stated: it was seen, it was looked for and not seen, it is over. */
export type SightingKind = "positive" | "negative" | "expiration";

export type Sighted = {
  kind: SightingKind;
  /** Ids of what it is of. */
  of: readonly string[];
  count: number;
  firstSeen: string | undefined;
  lastSeen: string | undefined;
};

/** The label by which a sighting proposes an end: STIX 2.1 has no property for it (§5.2). */
export const EXPIRATION_LABEL = 'suar:sighting="expiration"';

/** Of one object, as many as it is looked up by. */
const MOST = 100;
/** §4.15, opinion-enum: what misp-stix makes of a false positive. */
const AGAINST: ReadonlySet<unknown> = new Set(["disagree", "strongly-disagree"]);

/**
 * What an object says about others as a sighting. A count of nothing says that it was not seen (§5.2); an opinion against
 * what was stated says the same. Undefined for everything else, and for what is revoked.
 */
export function sightedIn(object: StixObject): Sighted | undefined {
  if (object.revoked === true) return undefined;
  if (object.type === "opinion") return opinionIn(object);
  if (object.type !== "sighting" || typeof object.sighting_of_ref !== "string") return undefined;
  const { count, labels } = object;
  const isEnd = Array.isArray(labels) && labels.includes(EXPIRATION_LABEL);
  return {
    kind: isEnd ? "expiration" : count === 0 ? "negative" : "positive",
    of: [object.sighting_of_ref],
    count: typeof count === "number" ? count : 1,
    firstSeen: textOf(object.first_seen),
    lastSeen: textOf(object.last_seen),
  };
}

function opinionIn({ opinion, object_refs: refs }: StixObject): Sighted | undefined {
  if (!AGAINST.has(opinion) || !Array.isArray(refs)) return undefined;
  const of = refs.filter((id): id is string => typeof id === "string").slice(0, MOST);
  return { kind: "negative", of, count: 0, firstSeen: undefined, lastSeen: undefined };
}

/** What sightings of an object are looked up by, as values are by their keys. */
export function sightingKey(id: string): string {
  return `${PREFIX}${id.toLowerCase()}`;
}

/** The same, of those that one producer says. */
export function sightingKeyBy(id: string, producer: number): string {
  return saidBy(sightingKey(id), producer);
}

/** A key by which whoever says it is found beside it; undefined of keys that are of what they name alone. */
export function keySaidBy(key: string, producer: number): string | undefined {
  return key.startsWith(PREFIX) ? saidBy(key, producer) : undefined;
}

function saidBy(key: string, producer: number): string {
  return `${key}@${producer}`;
}

const PREFIX = "sighting:";

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
