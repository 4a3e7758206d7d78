import { sectorsOf } from "@suar/log";
import type { StixObject } from "@suar/stix";
import type { ReleaseItem } from "./release-item.ts";
import type { NewRendition } from "./store/release.ts";

/** What is written of a copy: its text and what finds it. */
export function newRendition(id: number, object: StixObject, rank: number, item: ReleaseItem): NewRendition {
  return {
    id,
    stixId: object.id,
    type: object.type,
    tlp: item.tlp,
    pap: item.pap ?? null,
    rank,
    body: JSON.stringify(object),
    words: wordsOf(object, item.keys),
    keys: [...new Set(item.keys)],
    sectors: sectorColumn(object),
  };
}

const MOST_SECTORS = 50;

/** As the feeds of sectors look for them; lists of lists do not unnest, so that they come as one text. */
function sectorColumn(object: StixObject): string | null {
  const sectors = new Set(sectorsOf(object).map((sector) => sector.toLowerCase()));
  if (sectors.size === 0) return null;
  return [...sectors].slice(0, MOST_SECTORS).join("\n").replaceAll("\u0000", "");
}

const MOST_WORDS = 20_000;

/** What full-text search finds it by; a name that is the value itself is left out (it is looked up as such). */
function wordsOf(
  { name, description, content, abstract, labels }: StixObject,
  keys: readonly string[],
): string | null {
  const isValue = typeof name === "string" && keys.some((key) => key.endsWith(`:${name}`));
  const parts = [isValue ? undefined : name, description, content, abstract];
  const text = [...parts, ...(Array.isArray(labels) ? labels : [])]
    .filter((part) => typeof part === "string")
    .join(" ")
    .trim();
  // tsvector holds no NUL and has a size limit; what is cut off can still be read, only not searched for.
  return text === "" ? null : text.replaceAll("\u0000", "").slice(0, MOST_WORDS);
}
