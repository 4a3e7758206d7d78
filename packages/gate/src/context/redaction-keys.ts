import { cryptopan, type RedactionKeys } from "@suar/policy";
import type { Realm, Secrets } from "@suar/runtime";

/** Pseudonyms of one realm: the same value has the same one wherever it stands, and nobody without the key makes another. */
export function redactionKeys(realm: Pick<Realm, "purpose">, secrets: Secrets): RedactionKeys {
  return {
    hmac: secrets.mac(realm.purpose("pseudonym")),
    cryptopan: cryptopan(secrets.key(realm.purpose("cryptopan")).export()),
  };
}
