const lost = (reason: string, types: string): [string, string][] =>
  types.split(" ").map((type) => [type.replaceAll("_", " "), reason]);

/**
 * Attribute types of MISP's published list (describeTypes) that have no counterpart, each with its reason. A type that
 * is neither here nor in the table of mappings is of no list that Suar knows.
 */
const LOST: ReadonlyMap<string, string> = new Map([
  ...lost(
    "Personal data is not carried",
    "first-name middle-name last-name full-name date-of-birth place-of-birth gender passport-number " +
      "passport-country passport-expiration redress-number nationality visa-number issue-date-of-the-visa " +
      "primary-residence country-of-residence special-service-request frequent-flyer-number travel-details " +
      "payment-details place-port-of-original-embarkation place-port-of-clearance " +
      "place-port-of-onward-foreign-destination passenger-name-record-locator-number identity-card-number " +
      "phone-number whois-registrant-name whois-registrant-phone email-src-display-name email-dst-display-name",
  ),
  ...lost(
    "Numbers of accounts and cards are not carried",
    "iban bic bank-account-nr aba-rtn bin cc-number prtn",
  ),
  ...lost("STIX has no wallets of this currency", "dash xmr"),
  ...lost(
    "STIX has no property for it",
    "pdb named_pipe hex float integer counter boolean datetime size-in-bytes mime-type process-state port " +
      "http-method cookie gene community-id dom-hash favicon-mmh3 ja3-fingerprint-md5 jarm-fingerprint hassh-md5 " +
      "hasshserver-md5 ssh-fingerprint pgp-public-key pgp-private-key dkim dkim-signature git-commit-id " +
      "windows-scheduled-task whois-creation-date mac-eui-64 email-mime-boundary weakness cortex anonymised " +
      "target-location target-external",
  ),
  ...lost(
    "A pattern in no language that STIX can name",
    "pattern-in-file pattern-in-traffic pattern-in-memory filename-pattern",
  ),
]);

/** Why an attribute without a mapping has no place. */
export function whyLost(type: string): string {
  return LOST.get(type) ?? `No attribute type of MISP that is known`;
}

export function isKnownLoss(type: string): boolean {
  return LOST.has(type);
}
