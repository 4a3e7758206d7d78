import type { Mac, Realm, Secrets } from "@suar/runtime";

/** The gate of one realm in this process: what its releases share. */
export type Gate = {
  readonly realm: string;
  /** Makes the leaves' commitments. */
  readonly leafMac: Mac;
  /** Makes the ids that redacted renditions bear. */
  readonly renditionMac: Mac;
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
    leafMac: secrets.mac(realm.purpose("leaf")),
    renditionMac: secrets.mac(realm.purpose("rendition-id")),
    audiences: new Map(),
    freeIds: [],
  };
  gates.set(realm, gate);
  return gate;
}
