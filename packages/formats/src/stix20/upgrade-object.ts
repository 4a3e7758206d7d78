import { isJsonRecord, type JsonRecord, listOf, textOf } from "../json-value.ts";
import { readTag } from "../marking-label.ts";
import { ownValue } from "../own-value.ts";
import { TYPES_OF_LABELS } from "./renamed.ts";
import { upgradePattern } from "./upgrade-pattern.ts";

export type Loss = { field: string; reason: string };

/** An object of STIX 2.0 that is no observation, as one of 2.1: its id and its versions stay. */
export function upgradeObject(object: JsonRecord): { object: JsonRecord; losses: Loss[] } {
  const losses: Loss[] = [];
  const upgraded: JsonRecord = { ...object, spec_version: "2.1" };
  const type = textOf(object.type) ?? "";
  moveLabels(upgraded, type);
  if (type === "indicator") {
    upgraded.pattern_type ??= "stix";
    if (typeof upgraded.pattern === "string" && upgraded.pattern_type === "stix")
      upgraded.pattern = upgradePattern(upgraded.pattern, losses);
  }
  if (type === "malware" && upgraded.is_family === undefined) {
    // §4.11.1 wants it said. A name that is given to malware is that of a family, unless it is a sample's.
    upgraded.is_family = textOf(upgraded.name) !== undefined;
    losses.push({
      field: "is_family",
      reason: "STIX 2.0 does not say whether it is a family: taken for one by its name",
    });
  }
  if (type === "course-of-action" && upgraded.action !== undefined) {
    delete upgraded.action;
    losses.push({ field: "action", reason: "Reserved in STIX 2.1 (§3.8)" });
  }
  keepSelectors(upgraded, type);
  return { object: upgraded, losses };
}

/** The types of an object leave its labels; a marking stays one. */
function moveLabels(object: JsonRecord, type: string): void {
  const property = ownValue(TYPES_OF_LABELS, type);
  if (property === undefined || object.labels === undefined) return;
  const labels = listOf(object.labels);
  const isMarking = (label: unknown): boolean => readTag(textOf(label) ?? "") !== undefined;
  const moved = labels.filter((label) => !isMarking(label));
  const kept = labels.filter(isMarking);
  delete object.labels;
  if (kept.length > 0) object.labels = kept;
  if (moved.length > 0 && object[property] === undefined) object[property] = moved;
}

/** Granular markings whose selectors name labels name what those became (§7.2.3.1). */
function keepSelectors(object: JsonRecord, type: string): void {
  const property = ownValue(TYPES_OF_LABELS, type);
  if (property === undefined || !Array.isArray(object.granular_markings)) return;
  object.granular_markings = object.granular_markings.map((marking) => {
    if (!isJsonRecord(marking)) return marking;
    const selectors = listOf(marking.selectors).map((selector) =>
      typeof selector === "string" ? selector.replace(/^labels(?=\.|$)/, property) : selector,
    );
    return { ...marking, selectors };
  });
}
