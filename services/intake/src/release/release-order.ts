import { typeOfId } from "@suar/stix";

/** The referenced before the referring. Types that are not here stand in the middle. */
const PHASES: readonly string[] = [
  "identity marking-definition extension-definition",
  "artifact autonomous-system directory domain-name email-addr file ipv4-addr ipv6-addr mac-addr mutex software " +
    "url user-account windows-registry-key x509-certificate",
  "email-message network-traffic process",
  "",
  "observed-data",
  "relationship sighting",
  "grouping report",
  "note opinion",
  "language-content",
];
const MIDDLE = PHASES.indexOf("");
const PHASE_OF = new Map(PHASES.flatMap((types, phase) => types.split(" ").map((type) => [type, phase])));

/** When an object is released. */
export function phaseOf(id: string): number {
  return PHASE_OF.get(typeOfId(id)) ?? MIDDLE;
}
