import type { ExportItem } from "../writer.ts";

/** Types whose objects are clusters of galaxies, and what they are called in MISP. */
export const GALAXIES: ReadonlyMap<string, string> = new Map([
  ["attack-pattern", "Attack Pattern"],
  ["malware", "Malware"],
  ["tool", "Tool"],
  ["threat-actor", "Threat Actor"],
  ["intrusion-set", "Intrusion Set"],
  ["course-of-action", "Course of Action"],
]);

/** Whether it is written as a cluster, and as no object. */
export function isCluster({ object }: ExportItem): boolean {
  return GALAXIES.has(object.type);
}
