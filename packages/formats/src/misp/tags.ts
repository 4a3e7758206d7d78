import { isJsonRecord, type JsonRecord, textOf } from "../json-value.ts";
import { readTag } from "../marking-label.ts";
import { type Marked, strictestOf } from "../stricter-marking.ts";
import { membersOf, underKnownNames } from "./fields.ts";

/** `unknown` are TLP or PAP tags of no level that is known: what they stand on cannot be shared. */
export type Tags = Marked & {
  /** Tags that are neither a marking nor a galaxy's. */
  labels: string[];
  /** `misp-galaxy:…` tags. */
  galaxies: string[];
};

/** What the tags of an event, an attribute or the like say. Of several TLP tags the strictest holds. */
export function readTags(tagged: JsonRecord): Tags {
  const labels: string[] = [];
  const galaxies: string[] = [];
  const markings: Marked[] = [];
  for (const name of tagNames(tagged)) {
    const marking = readTag(name);
    if (marking !== undefined) markings.push(marking);
    else if (name.startsWith("misp-galaxy:")) galaxies.push(name);
    else labels.push(name);
  }
  return { ...strictestOf(markings), labels, galaxies };
}

/** The markings of all that a record holds, through any depth: those of what is not carried count as well. */
export function markedWithin(record: unknown): Marked {
  const found: Marked[] = [];
  const waiting: unknown[] = [record];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (isJsonRecord(next)) found.push(readTags(underKnownNames(next)));
    if (typeof next !== "object" || next === null) continue;
    for (const inner of Object.values(next)) waiting.push(inner ?? false);
  }
  return strictestOf(found);
}

/** MISP writes `Tag: [{name}]`, and in some answers `EventTag: [{Tag: {name}}]`. */
function tagNames({ Tag, EventTag, AttributeTag }: JsonRecord): string[] {
  const tags = [Tag, EventTag, AttributeTag].flatMap(membersOf);
  return tags.flatMap(({ value: tag }) => {
    const named = isJsonRecord(tag) && isJsonRecord(tag.Tag) ? tag.Tag : tag;
    return textOf(isJsonRecord(named) ? named.name : named) ?? [];
  });
}
