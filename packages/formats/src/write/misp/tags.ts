import type { StixObject } from "@suar/stix";
import { readTag } from "../../marking-label.ts";
import type { MispTag } from "./misp-shape.ts";

/** STIX 2.1 appendix A: the least number of each credibility, as MISP's taxonomy of the Admiralty writes them. */
const CREDIBILITY = [
  [80, "1"],
  [60, "2"],
  [40, "3"],
  [20, "4"],
  [0, "5"],
] as const;

/** What an event says by fields of its own (event-summary.ts of the reader writes them as labels). */
export const LEVEL = /^(?:threat-level|analysis):/;

/** Labels, each as it is written; markings stand in tags of their own. */
export function labelTags({ labels, confidence }: StixObject): MispTag[] {
  const said = Array.isArray(labels) ? labels.filter((label) => typeof label === "string") : [];
  const tags = [...new Set(said)].filter((label) => readTag(label) === undefined && !LEVEL.test(label));
  return [...tags.map((name) => ({ name })), ...confidenceTag(confidence)];
}

function confidenceTag(confidence: unknown): MispTag[] {
  if (typeof confidence !== "number") return [];
  const level = CREDIBILITY.find(([least]) => confidence >= least)?.[1];
  return level === undefined ? [] : [{ name: `admiralty-scale:information-credibility="${level}"` }];
}
