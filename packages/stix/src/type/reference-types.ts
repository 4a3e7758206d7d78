import { z } from "zod";
import { isStixId, typeOfId } from "../name/identifier.ts";

/* §2.9: references may dangle, but the types they may lead to are often limited. */

const SDO_TYPES: ReadonlySet<string> = new Set([
  "attack-pattern",
  "campaign",
  "course-of-action",
  "grouping",
  "identity",
  "incident",
  "indicator",
  "infrastructure",
  "intrusion-set",
  "location",
  "malware",
  "malware-analysis",
  "note",
  "observed-data",
  "opinion",
  "report",
  "threat-actor",
  "tool",
  "vulnerability",
]);
const SCO_TYPES: ReadonlySet<string> = new Set([
  "artifact",
  "autonomous-system",
  "directory",
  "domain-name",
  "email-addr",
  "email-message",
  "file",
  "ipv4-addr",
  "ipv6-addr",
  "mac-addr",
  "mutex",
  "network-traffic",
  "process",
  "software",
  "url",
  "user-account",
  "windows-registry-key",
  "x509-certificate",
]);
const SRO_TYPES: ReadonlySet<string> = new Set(["relationship", "sighting"]);
const META_TYPES: ReadonlySet<string> = new Set([
  "bundle",
  "extension-definition",
  "language-content",
  "marking-definition",
]);

/** A reference to anything with an id. */
export const AnyRef = z.string().refine(isStixId, "not a STIX identifier");

/** A reference to one of the types named. */
export function refTo(...types: [string, ...string[]]): typeof AnyRef {
  return z
    .string()
    .refine((id) => isStixId(id) && types.includes(typeOfId(id)), `must refer to ${types.join(" or ")}`);
}

/** A reference to an SDO; custom types pass, since a type's name does not tell its family. */
export const SdoRef = refExcept([SCO_TYPES, SRO_TYPES, META_TYPES], "must refer to an SDO");
/** A reference to an SCO. */
export const ScoRef = refExcept([SDO_TYPES, SRO_TYPES, META_TYPES], "must refer to an SCO");
/** §4.14.1: observed-data lists SCOs and the relationships among them. */
export const ScoOrSroRef = refExcept([SDO_TYPES, META_TYPES], "must refer to an SCO or SRO");
/** §5.1.1: a relationship joins SDOs and SCOs, never SROs, bundles or meta objects. */
export const SdoOrScoRef = refExcept([SRO_TYPES, META_TYPES], "must refer to an SDO or SCO");

function refExcept(refused: readonly ReadonlySet<string>[], message: string): typeof AnyRef {
  return z
    .string()
    .refine((id) => isStixId(id) && !refused.some((types) => types.has(typeOfId(id))), message);
}
