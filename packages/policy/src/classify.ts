import { parsePattern, type StixObject, typeOfId } from "@suar/stix";
import { classOfPattern, classOfPlainPattern } from "./classify-pattern.ts";
import type { ContentClass } from "./content-class.ts";
import { isOwnSighting } from "./own-sighting.ts";

const CVE = /^\s*CVE-\d{4}-\d{4,12}(?!\d)/i;
const INCIDENT_CORE = "extension-definition--ef765651-680c-498d-9894-99799f2fa126";

/** Types of which every object tells the same kind of thing. */
const BY_TYPE: Readonly<Record<string, ContentClass>> = {
  "attack-pattern": "ttp",
  "autonomous-system": "indicator.infrastructure",
  campaign: "ttp",
  "course-of-action": "ttp",
  directory: "ttp",
  "domain-name": "indicator.infrastructure",
  "email-addr": "indicator.infrastructure",
  "email-message": "indicator.infrastructure",
  event: "incident",
  grouping: "advisory",
  infrastructure: "indicator.infrastructure",
  "intrusion-set": "ttp",
  "ipv4-addr": "indicator.infrastructure",
  "ipv6-addr": "indicator.infrastructure",
  location: "ttp",
  "mac-addr": "indicator.infrastructure",
  malware: "ttp",
  "malware-analysis": "ttp",
  "marking-definition": "marking",
  mutex: "ttp",
  "network-traffic": "indicator.infrastructure",
  "observed-data": "incident",
  opinion: "advisory",
  process: "ttp",
  relationship: "ttp",
  report: "advisory",
  software: "ttp",
  task: "incident",
  "threat-actor": "ttp",
  tool: "ttp",
  url: "indicator.infrastructure",
  "windows-registry-key": "ttp",
  "x509-certificate": "indicator.infrastructure",
};

/**
 * What an object tells, in the words of policies. It is a function of the object alone: whose victim an address is
 * and whom an incident names elsewhere are matters of `findVictims`. What is not known is `other`.
 */
export function classify(object: StixObject): ContentClass {
  switch (object.type) {
    case "indicator":
      return classOfIndicator(object);
    case "vulnerability":
      return isDisclosed(object) ? "vuln.public" : "vuln.undisclosed";
    case "identity":
      return ORGANISED.has(object.identity_class) ? "identity" : "other";
    case "file":
    case "artifact":
      return hasMembers(object.hashes) ? "malware.hash" : "ttp";
    case "incident":
      return namesVictims(object) ? "victim.notification" : "incident";
    case "impact":
      return hasMembers(object.impacted_refs) ? "victim.notification" : "incident";
    case "sighting":
      return hasMembers(object.where_sighted_refs) && !isOwnSighting(object) ? "victim.notification" : "ttp";
    case "note":
      return isAboutSomebody(object.object_refs) ? "victim.notification" : "advisory";
    case "language-content":
      return classOfTranslated(typeOfId(String(object.object_ref)));
    default:
      return ofType(object.type);
  }
}

function ofType(type: string): ContentClass {
  return Object.hasOwn(BY_TYPE, type) ? (BY_TYPE[type] ?? "other") : "other";
}

/** Organisations, groups and classes of them are no individuals; whoever does not say may be one. */
const ORGANISED: ReadonlySet<unknown> = new Set(["organization", "group", "class", "system"]);

/** The label by which a producer says that a vulnerability is not published, whatever number is reserved for it. */
const UNDISCLOSED = /^\s*undisclosed\s*$/i;

/**
 * §4.19.1: by its reference; many write the number into the name instead. Numbers are reserved before anything is
 * published, and no number tells: its producer's label does.
 */
function isDisclosed({ name, labels, external_references: references }: StixObject): boolean {
  if (Array.isArray(labels) && labels.some((label) => UNDISCLOSED.test(String(label)))) return false;
  if (typeof name === "string" && CVE.test(name)) return true;
  if (!Array.isArray(references)) return false;
  return references.some(({ external_id: id }) => typeof id === "string" && CVE.test(id));
}

function classOfIndicator({ pattern, pattern_type: language }: StixObject): ContentClass {
  if (language === "yara" || language === "sigma") return "ttp";
  if (language === "snort" || language === "suricata") return "indicator.infrastructure";
  if (language !== "stix" || typeof pattern !== "string") return "other";
  const plain = classOfPlainPattern(pattern);
  if (plain !== undefined) return plain;
  const parsed = parsePattern(pattern);
  return parsed.ok ? classOfPattern(parsed.observation) : "other";
}

/** Of the pinned suite (incident-core 2.1): impacts name what was hit, counts say that somebody was. */
function namesVictims({ extensions }: StixObject): boolean {
  const core = memberOf(extensions, INCIDENT_CORE);
  const counts = memberOf(core, "impacted_entity_counts");
  return (
    hasMembers(memberOf(core, "impact_refs")) ||
    Object.values(counts ?? {}).some((count) => Number(count) > 0)
  );
}

function memberOf(value: unknown, key: string): object | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  const member: unknown = (value as Record<string, unknown>)[key];
  return typeof member === "object" && member !== null ? member : undefined;
}

function hasMembers(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function isAboutSomebody(refs: unknown): boolean {
  return Array.isArray(refs) && refs.some((id) => /^(?:identity|incident|impact)--/.test(String(id)));
}

/** A translation tells what its object does; of a type with more than one class, what is told least freely. */
function classOfTranslated(type: string): ContentClass {
  if (type === "vulnerability") return "vuln.undisclosed";
  if (type === "incident") return "victim.notification";
  return ofType(type);
}
