import { bodyHash } from "@suar/merkle";
import type { Limits } from "@suar/policy";
import { canonicalJson } from "@suar/stix";
import type { Gate } from "../context/gate.ts";
import type { KnownVersion, Lineage } from "../judge/judge.ts";

/** What its originator says of a version beside content and marking; it may say more of it later. */
export type Words = {
  named: readonly string[] | null;
  community: boolean;
  isVictims: boolean;
  limits: Limits;
};

/** What a version was stated as, by which everything later is decided. It never changes, and its entries commit to it. */
export type Stated = {
  form: number;
  submission: string | null;
  rank: number;
  kind: string;
  /** Canonical JSON of the words that it was first stated with. */
  words: string;
} & Lineage;

/**
 * In which form the entries of a version that is stated now commit to it. 1: to its id, name and content. 2: to all that it
 * was first stated as. 3: the same, with the salts of what is an entry's own out of one hash. 4: with these out of a stream for
 * many entries (`salts.ts`).
 */
export const FORM = 4;

/** Whether its entries commit to how it was stated. A form that nobody ever wrote is not taken for another. */
export function isStatedForm({ form }: Pick<KnownVersion, "form">): boolean {
  return form >= FIRST_STATED && form <= FORM;
}

const FIRST_STATED = 2;

/** Canonical as it is written, in the order of their names: the same words are the same text. Once for each version. */
export function wordsText({ named, community, isVictims, limits }: Words): string {
  const within = Object.keys(limits).length === 0 ? "{}" : canonicalJson(limits);
  const to = named === null || named.length === 0 ? "null" : JSON.stringify(named);
  return `{"community":${community},"isVictims":${isVictims},"limits":${within},"named":${to}}`;
}

type VersionWords = Pick<KnownVersion, "named" | "community" | "is_victims" | "limits">;

export function wordsOf({ named, community, is_victims: isVictims, limits }: VersionWords): Words {
  return { named, community, isVictims, limits };
}

/** What entries commit to of a version that was stated before. */
export function fromVersion(version: KnownVersion) {
  const { stix_id: id, version: name, content_hash: contentHash } = version;
  return { id, version: name, contentHash, stated: statedOf(version) };
}

/** What its withdrawal commits to of the version that revokes it, where it has one. */
export function revocationHash(
  version: Pick<KnownVersion, "form">,
  revocation: string | null,
): string | undefined {
  return !isStatedForm(version) || revocation === null ? undefined : bodyHash(revocation);
}

/** As it was first stated: undefined for a version of before. */
export function statedOf(
  version: VersionWords &
    Lineage &
    Pick<KnownVersion, "form" | "first_said" | "submission_id" | "rank" | "kind">,
): Stated | undefined {
  if (!isStatedForm(version)) return undefined;
  const { form, rank, kind, creator, created, revoked, submission_id: submission } = version;
  return { form, submission, rank, kind, creator, created, revoked, words: firstSaid(version) };
}

function firstSaid(version: VersionWords & Pick<KnownVersion, "first_said">): string {
  return version.first_said ?? wordsText(wordsOf(version));
}

/** Of a version of which its originator says something else by now: what it said at first, and a seal on what it says. */
export type Resaid = { firstSaid: string; seal: Buffer };

export function resay(
  gate: Pick<Gate, "leafMac">,
  producer: number,
  version: VersionWords & Pick<KnownVersion, "stix_id" | "version" | "first_said">,
  words: Words,
): Resaid {
  const place = { producer, stixId: version.stix_id, version: version.version };
  return { firstSaid: firstSaid(version), seal: sealOf(gate, place, words) };
}

/** That nobody without the realm's key put other words there. */
export function sealOf(
  { leafMac }: Pick<Gate, "leafMac">,
  { producer, stixId, version }: { producer: number; stixId: string; version: string },
  words: Words,
): Buffer {
  const statement = canonicalJson([producer, stixId, version, wordsText(words)]);
  return Buffer.from(leafMac(`suar/words/1 ${statement}`), "hex");
}
