import type { KeyObject } from "node:crypto";
import type { Realm, Secrets } from "@suar/runtime";

/** The gate of one realm in this process: what its releases share. */
export type Gate = {
  readonly realm: string;
  /** Key of the leaves' commitments. */
  readonly leafKey: KeyObject;
  /** Key of the ids that redacted renditions bear. */
  readonly renditionKey: KeyObject;
  /** Ids of audiences by their members; audiences are immutable. */
  readonly audiences: Map<string, number>;
  /** Rendition ids that are reserved and not given away yet. */
  readonly freeIds: number[];
};

const gates = new WeakMap<Realm, Gate>();

export function gateOf(realm: Realm, secrets: Secrets): Gate {
  const known = gates.get(realm);
  if (known !== undefined) return known;
  const gate = {
    realm: realm.name,
    leafKey: secrets.key(realm.purpose("leaf")),
    renditionKey: secrets.key(realm.purpose("rendition-id")),
    audiences: new Map(),
    freeIds: [],
  };
  gates.set(realm, gate);
  return gate;
}
