import { lettersOf } from "./marker.ts";
import type { RedactionKeys } from "./operation.ts";

/** Of which normalization leaves all as it is. */
const ONE_PLAIN_WORD = /^[!-~]*$/;

/** The same person in another spelling has the same pseudonym. */
export function canonical(found: string): string {
  if (ONE_PLAIN_WORD.test(found)) return found.toLowerCase();
  return found
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s\p{Cf}]/gu, "");
}

/** Those who were named last: a report names few people, and each in many of its objects. */
const known = new WeakMap<RedactionKeys, Map<string, string>>();
const MOST_KNOWN = 500;
const LONGEST_KNOWN = 200;

/** What stands for somebody: letters under a realm's key, the same wherever that person is named. */
export function pseudonymOf(found: string, keys: RedactionKeys): string {
  const name = canonical(found);
  if (name.length > LONGEST_KNOWN) return lettersOf(keys.hmac(name));
  const held = known.get(keys) ?? new Map<string, string>();
  if (held.size === 0) known.set(keys, held);
  const letters = held.get(name) ?? lettersOf(keys.hmac(name));
  if (held.size >= MOST_KNOWN) held.clear();
  held.set(name, letters);
  return letters;
}
