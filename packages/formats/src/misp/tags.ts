import { type Pap, parsePap, parseTlp, stricterTlp, type Tlp } from "@suar/stix";
import type { Marking } from "../draft.ts";
import { isJsonRecord, listOf, textOf } from "../json-value.ts";

export type Tags = {
  marking: Marking | undefined;
  /** Tags that are neither a marking nor a galaxy's. */
  labels: string[];
  /** TLP or PAP tags of no level that is known: what they stand on cannot be shared. */
  unknown: string[];
  /** `misp-galaxy:…` tags. */
  galaxies: string[];
};

/** What the tags of an event or an attribute say. Of several TLP tags the strictest holds. */
export function readTags(list: unknown): Tags {
  const tags: Tags = { marking: undefined, labels: [], unknown: [], galaxies: [] };
  let tlp: Tlp | undefined;
  let pap: Pap | undefined;
  for (const tag of listOf(list)) {
    const name = isJsonRecord(tag) ? textOf(tag.name) : textOf(tag);
    if (name === undefined) continue;
    if (/^tlp:/i.test(name)) {
      const level = parseTlp(name);
      if (level === undefined) tags.unknown.push(name);
      else tlp = tlp === undefined ? level : stricterTlp(tlp, level);
    } else if (/^pap:/i.test(name)) {
      const level = parsePap(name);
      if (level === undefined) tags.unknown.push(name);
      else pap = pap === undefined ? level : stricterPap(pap, level);
    } else if (name.startsWith("misp-galaxy:")) tags.galaxies.push(name);
    else tags.labels.push(name);
  }
  if (tlp !== undefined || pap !== undefined) tags.marking = { ...(tlp && { tlp }), ...(pap && { pap }) };
  return tags;
}

const PAP_ORDER: readonly string[] = ["clear", "green", "amber", "red"];

function stricterPap(a: Pap, b: Pap): Pap {
  return PAP_ORDER.indexOf(a) >= PAP_ORDER.indexOf(b) ? a : b;
}

/** What holds of one thing that is said under two markings: the stricter level of each kind. */
export function stricterMarking(a: Marking | undefined, b: Marking | undefined): Marking | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const tlp = a.tlp === undefined || b.tlp === undefined ? (a.tlp ?? b.tlp) : stricterTlp(a.tlp, b.tlp);
  const pap = a.pap === undefined || b.pap === undefined ? (a.pap ?? b.pap) : stricterPap(a.pap, b.pap);
  return { ...(tlp && { tlp }), ...(pap && { pap }) };
}
