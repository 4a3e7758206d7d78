import { sectorsOf } from "@suar/log";
import { keysOf, type StixObject } from "@suar/stix";
import type { ReleaseItem } from "../context/release-item.ts";
import type { NewRendition } from "../store/release.ts";
import type { View } from "./make-copy.ts";

/** What is written of an object as its version has it: its text and what finds it, for those to whom it goes. */
export function newRendition(
  id: number,
  object: StixObject,
  rank: number,
  item: ReleaseItem,
  audienceId: number,
): NewRendition {
  return renditionOf(id, object, rank, item, { keys: once(item.keys), audienceId }, NO_COPY);
}

/** The same of a copy: what was left out of it does not find it. */
export function copyRendition(
  id: number,
  copy: StixObject,
  rank: number,
  item: ReleaseItem,
  { of, view, hash, audienceId }: { of: number; view: View; hash: string; audienceId: number },
): NewRendition {
  const keys = touchesKeys(view) ? keysOf(copy) : once(item.keys);
  return renditionOf(id, copy, rank, item, { keys, audienceId }, { copyOf: of, view: hash, audienceId });
}

function once(keys: readonly string[]): readonly string[] {
  return keys.length < 2 ? keys : [...new Set(keys)];
}

type OfCopy = Pick<NewRendition, "copyOf" | "view" | "audienceId">;

const NO_COPY: OfCopy = { copyOf: null, view: null, audienceId: null };

function renditionOf(
  id: number,
  object: StixObject,
  rank: number,
  { tlp, pap }: ReleaseItem,
  { keys, audienceId: keysAudienceId }: { keys: readonly string[]; audienceId: number },
  { copyOf, view, audienceId }: OfCopy,
): NewRendition {
  return {
    id,
    stixId: object.id,
    type: object.type,
    tlp,
    pap: pap ?? null,
    rank,
    body: JSON.stringify(object),
    words: wordsOf(object, keys),
    ownWords: null,
    also: 0,
    keys: keys.map((key) => ({ key, also: 0, audienceId: keysAudienceId })),
    sectors: sectorColumn(object),
    copyOf,
    view,
    audienceId,
  };
}

/** Properties that no key is made of. */
const WITHOUT_KEYS = new Set([
  "description",
  "labels",
  "abstract",
  "content",
  "explanation",
  "contact_information",
]);

/** An outcome is that of thousands of objects. */
const touching = new WeakMap<View["redactions"], boolean>();

function touchesKeys({ redactions }: View): boolean {
  const known = touching.get(redactions);
  if (known !== undefined) return known;
  const touches = redactions.some(({ path }) => !WITHOUT_KEYS.has(path.slice(1).split("/", 1)[0] ?? ""));
  touching.set(redactions, touches);
  return touches;
}

const MOST_SECTORS = 50;

/** As the feeds of sectors look for them; lists of lists do not unnest, so that they come as one text. */
function sectorColumn(object: StixObject): string | null {
  const said = sectorsOf(object);
  if (said.length === 0) return null;
  const sectors = new Set(said.map((sector) => sector.toLowerCase()));
  return [...sectors].slice(0, MOST_SECTORS).join("\n").replaceAll("\u0000", "");
}

function isValueOf(name: string, key: string): boolean {
  return key.endsWith(name) && key[key.length - name.length - 1] === ":";
}

const MOST_WORDS = 20_000;

/** What full-text search finds it by; a name that is the value itself is left out (it is looked up as such). */
function wordsOf(
  { name, description, content, abstract, labels }: StixObject,
  keys: readonly string[],
): string | null {
  const isValue = typeof name === "string" && keys.some((key) => isValueOf(name, key));
  let text = "";
  for (const part of [isValue ? undefined : name, description, content, abstract])
    if (typeof part === "string") text += `${part} `;
  if (Array.isArray(labels)) for (const label of labels) if (typeof label === "string") text += `${label} `;
  const words = text.trim();
  if (words === "") return null;
  // tsvector holds no NUL and has a size limit; what is cut off can still be read, only not searched for.
  return (words.includes("\u0000") ? words.replaceAll("\u0000", "") : words).slice(0, MOST_WORDS);
}
