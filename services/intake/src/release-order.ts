import { type FormatName, readers } from "@suar/formats";
import { ownMarkings } from "@suar/policy";
import { Pap, Tlp, typeOfId } from "@suar/stix";
import type { SubmissionOptions } from "@suar/submit";
import type { StagedItem } from "./staged-item.ts";

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

/** When an object is released, of a submission whose objects refer to one another. */
export function phaseOf(id: string): number {
  return PHASE_OF.get(typeOfId(id)) ?? MIDDLE;
}

/**
 * When an object is released that refers to no other: the strictest first. Of what a submission says twice of
 * one value the gate keeps the first, so that a stricter row late in a table counts for the rows before it.
 */
export function phaseByStrictness(
  own: Pick<StagedItem, "tlp" | "pap">,
  options: Pick<SubmissionOptions, "tlp" | "pap">,
): number {
  const { tlp, pap } = ownMarkings(own, options);
  const byTlp = tlp === undefined ? 0 : 1 + Tlp.options.indexOf(tlp);
  const byPap = pap === undefined ? 0 : 1 + Pap.options.indexOf(pap);
  return -(byTlp * (1 + Pap.options.length) + byPap);
}

/** Tables and lists: their objects refer to nothing but their producer. */
export function isFlat(format: FormatName, options: SubmissionOptions): boolean {
  return readers[format].streaming && options.kind !== "incident";
}

/** Formats that are flat unless they are to become an incident. */
export const FLAT_FORMATS: readonly FormatName[] = Object.values(readers).flatMap(({ name, streaming }) =>
  streaming ? [name] : [],
);
