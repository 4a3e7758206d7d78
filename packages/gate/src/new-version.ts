import type { ReleaseItem } from "./release-item.ts";
import type { Fresh } from "./sort-items.ts";
import type { NewVersion } from "./store/version.ts";

/** What is written of a new version: its identity rendition and what finds it. */
export function newVersion({ item, verdict }: Fresh, renditionId: number, audienceId: number): NewVersion {
  return {
    stixId: item.object.id,
    type: item.object.type,
    version: verdict.version,
    rank: verdict.rank,
    hash: verdict.hash,
    tlp: item.tlp,
    renditionId,
    audienceId,
    body: JSON.stringify(verdict.times === undefined ? item.object : { ...item.object, ...verdict.times }),
    words: wordsOf(item),
    keys: [...new Set(item.keys)],
  };
}

const MOST_WORDS = 20_000;

/** What full-text search finds it by; a name that is the value itself is left out (it is looked up as such). */
function wordsOf({ object, keys }: ReleaseItem): string | null {
  const { name, description, content, abstract, labels } = object;
  const isValue = typeof name === "string" && keys.some((key) => key.endsWith(`:${name}`));
  const parts = [isValue ? undefined : name, description, content, abstract];
  const text = [...parts, ...(Array.isArray(labels) ? labels : [])]
    .filter((part) => typeof part === "string")
    .join(" ")
    .trim();
  // tsvector holds no NUL and has a size limit; what is cut off can still be read, only not searched for.
  return text === "" ? null : text.replaceAll("\u0000", "").slice(0, MOST_WORDS);
}
