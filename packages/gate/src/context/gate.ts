import { type Organisation, PUBLIC, type RedactionKeys } from "@suar/policy";
import {
  type Keystream,
  type Mac,
  type Platform,
  type PolicyTrust,
  type Realm,
  type Tag,
  takesPart,
  type WideMac,
} from "@suar/runtime";
import { SALT_PAGE } from "../entry/salts.ts";
import { redactionKeys } from "./redaction-keys.ts";

/** The gate of one realm in this process: what its releases share. */
export type Gate = {
  readonly realm: string;
  /** Tells which policies are in force. */
  readonly trust: PolicyTrust;
  /** Whether somebody of the directory reads at all: agencies take no part in a drill. */
  readonly admits: (one: Pick<Organisation, "kind">) => boolean;
  /** Who reads beside the directory's: the public. A drill is sealed off: nothing of it is for everybody. */
  readonly readers: readonly Organisation[];
  /** Makes the leaves' commitments. */
  readonly leafMac: Mac;
  /** Makes the salts of what is an entry's own: of renditions with ids that follow one another at once (`entry/salts.ts`). */
  readonly saltPages: Keystream;
  /** Made them, of versions of before. */
  readonly leafSalts: WideMac;
  /** Tells views of copies apart, and makes the ids of people's. */
  readonly renditionMac: Mac;
  /** Makes the ids that redacted renditions bear. */
  readonly copyTag: Tag;
  /** Make the pseudonyms that stand in them for personal data. */
  readonly redactionKeys: RedactionKeys;
  /** Ids of audiences by their members; audiences are immutable. */
  readonly audiences: Map<string, number>;
  /** Ids of decisions by their hashes; decisions are immutable. */
  readonly decisions: Map<string, number>;
  /** Rendition ids that are reserved and not given away yet. */
  readonly freeIds: number[];
};

const gates = new WeakMap<Realm, Gate>();

export function gateOf(realm: Realm, { secrets, trust }: Pick<Platform, "secrets" | "trust">): Gate {
  const known = gates.get(realm);
  if (known !== undefined) return known;
  const gate = {
    realm: realm.name,
    trust,
    admits: (one: Pick<Organisation, "kind">) => takesPart(realm, one),
    readers: realm.kind === "live" ? [PUBLIC] : [],
    leafMac: secrets.mac(realm.purpose("leaf")),
    saltPages: secrets.keystream(realm.purpose("salt-pages"), SALT_PAGE),
    leafSalts: secrets.wideMac(realm.purpose("leaf-salts")),
    renditionMac: secrets.mac(realm.purpose("rendition-id")),
    copyTag: secrets.tag(realm.purpose("copy-id")),
    redactionKeys: redactionKeys(realm, secrets),
    audiences: new Map(),
    decisions: new Map(),
    freeIds: [],
  };
  gates.set(realm, gate);
  return gate;
}
