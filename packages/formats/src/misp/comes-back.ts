import type { Attribute } from "./attribute.ts";
import { categoryOf } from "./categories.ts";
import type { EventReading } from "./event-reading.ts";

const as = (type: string, types: string): [string, string][] => types.split(" ").map((one) => [one, type]);

/** Types that STIX does not tell apart, by the one that the writer gives them all. */
const WRITTEN_AS: ReadonlyMap<string, string> = new Map([
  ...as("ip-dst", "ip-src"),
  ...as("domain", "hostname onion-address"),
  ...as("email", "email-src email-dst email-reply-to target-email whois-registrant-email dns-soa-email"),
  ...as("url", "uri github-repository"),
  ...as("filename", "email-attachment attachment"),
  ...as("filename|md5", "malware-sample"),
  ...as("zeek", "bro"),
  ...as("text", "comment other"),
  ...as("campaign-name", "campaign-id"),
  ...as("a cluster", "threat-actor malware-type"),
]);

/** Types that are never looked for, whatever their switch says. */
const NEVER_LOOKED_FOR =
  /^(?:text|comment|other|link|vulnerability|cpe|target-(?:email|org|machine)|whois-.*|dns-soa-email|threat-actor|campaign-.*|malware-type)$/;

/** What STIX has no observable for is an indicator either way. */
const ALWAYS_LOOKED_FOR = /^(?:user-agent|btc|yara|snort|sigma|bro|zeek|kusto-query|stix2-pattern)$/;

/** What of an attribute is otherwise once it is written as MISP again: told once of all that it is true of. */
export function tellWhatComesBack(attribute: Attribute, reading: EventReading): void {
  const { type, toIds } = attribute;
  const written = WRITTEN_AS.get(type) ?? type;
  if (written !== type) reading.loseOnce(`Attribute/${type}`, `Is written back as ${written}`);
  if (toIds && type.endsWith("|port"))
    reading.loseOnce(`Attribute/${type}`, "The port is told beside the host that is looked for");
  if (toIds && type === "regkey|value")
    reading.loseOnce(`Attribute/${type}`, "The value is told beside the key that is looked for");
  if (!isProse(type)) tellCategory(attribute, reading);
  else if (attribute.details.description !== undefined)
    reading.loseOnce(`Attribute/${type}`, "With a comment it is written back as a report of the event");
  if (!toIds && ALWAYS_LOOKED_FOR.test(type))
    reading.loseOnce("Attribute/to_ids", "STIX has no observable for it: it is looked for, and written so");
  if (toIds && NEVER_LOOKED_FOR.test(type))
    reading.loseOnce("Attribute/to_ids", "What is never looked for by a pattern has no switch for it");
}

export function tellCategory({ type, category }: Attribute, reading: EventReading): void {
  if (category !== undefined && category !== categoryOf(WRITTEN_AS.get(type) ?? type))
    reading.loseOnce("Attribute/category", "STIX has no categories of attributes: each type has its own");
}

/** A category is what such an attribute is carried under. */
function isProse(type: string): boolean {
  return type === "text" || type === "comment" || type === "other";
}
