/** MISP's default category of each attribute type (describeTypes, `sane_defaults`): STIX has none to carry. */
const CATEGORIES: Readonly<Record<string, string>> = {
  "Payload delivery":
    "md5 sha1 sha256 filename filename|md5 filename|sha1 filename|sha256 email-src email-subject " +
    "email-attachment email-body malware-sample malware-type authentihash vhash ssdeep imphash " +
    "telfhash pehash impfuzzy sha224 sha384 sha512 sha512/224 sha512/256 sha3-224 sha3-256 " +
    "sha3-384 sha3-512 tlsh cdhash filename|authentihash filename|vhash filename|ssdeep " +
    "filename|imphash filename|impfuzzy filename|pehash filename|sha224 filename|sha384 " +
    "filename|sha512 filename|sha512/224 filename|sha512/256 filename|sha3-224 filename|sha3-256 " +
    "filename|sha3-384 filename|sha3-512 filename|tlsh email-dst-display-name " +
    "email-src-display-name email-header email-reply-to email-x-mailer email-mime-boundary " +
    "email-thread-index email-message-id mobile-application-id chrome-extension-id",
  "Artifacts dropped":
    "pdb kusto-query mime-type named_pipe mutex process-state windows-scheduled-task " +
    "windows-service-name windows-service-displayname",
  "Network activity":
    "ip-src ip-dst hostname domain domain|ip eppn email-dst url http-method user-agent AS snort " +
    "suricata bro zeek pattern-in-traffic cookie uri x509-fingerprint-sha1 x509-fingerprint-md5 " +
    "x509-fingerprint-sha256 port ip-dst|port ip-src|port hostname|port mac-address onion-address",
  "Social network": "email github-username github-repository github-organisation jabber-id twitter-id",
  Other: "float comment text hex other size-in-bytes counter integer datetime",
  "Persistence mechanism": "regkey regkey|value",
  "Payload installation": "pattern-in-file pattern-in-memory filename-pattern yara stix2-pattern sigma",
  "External analysis": "vulnerability cpe attachment link",
  "Targeting data": "target-user target-email target-machine target-org target-location target-external",
  "Financial fraud": "btc",
  Person: "phone-number first-name middle-name last-name full-name",
  Attribution:
    "threat-actor campaign-name campaign-id whois-registrant-email whois-registrant-phone " +
    "whois-registrant-name whois-registrant-org whois-registrar whois-creation-date dns-soa-email",
};

const CATEGORY_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(CATEGORIES).flatMap(([category, types]) =>
    types.split(" ").map((type): [string, string] => [type.replaceAll("_", " "), category]),
  ),
);

/** Under which category an attribute is written, whichever it had in another MISP. */
export function categoryOf(type: string): string {
  return CATEGORY_OF.get(type) ?? "Other";
}

const NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(CATEGORIES),
  "Antivirus detection",
  "Internal reference",
  "Payload type",
  "Support Tool",
]);

/** Whether a text is the name of a category, and nothing else. */
export function isCategory(text: string): boolean {
  return NAMES.has(text);
}
