import { isAddressKey, PUBLIC } from "@suar/policy";
import { idOfDigest, type StixObject, typeOfId } from "@suar/stix";
import type { Gate } from "../context/gate.ts";
import type { View } from "./make-copy.ts";
import type { Readers } from "./sights.ts";

/** A copy that readers have of an object, in some version of it. */
export type EarlierCopy = { id: string; readers: Readers };

const HASH_CHARACTERS = 32;
const ofOutcomes = new WeakMap<object, string>();

/** What a view leaves out and renames, as one keyed value: without the key nobody can try what a withheld id may be. */
export function viewHash({ renditionMac }: Pick<Gate, "renditionMac">, view: View): string {
  const { redactions, renames, outcome, victims } = view;
  // Who is known to be a victim by now changes what is left out of a text, and not where.
  const addresses = victims === undefined ? [] : [...victims.names].filter(isAddressKey).sort();
  const isOfOutcome = renames.size === 0 && addresses.length === 0;
  const known = isOfOutcome ? ofOutcomes.get(outcome) : undefined;
  if (known !== undefined) return known;
  const names = [...renames].map(([id, shown]) => `${id} ${shown ?? ""}`).sort();
  const said = JSON.stringify([
    redactions.map(({ path, op, class: kind }) => [path, op, kind]),
    names,
    ...(addresses.length === 0 ? [] : [addresses]),
  ]);
  const hash = renditionMac(`view ${said}`).slice(0, HASH_CHARACTERS);
  if (isOfOutcome) ofOutcomes.set(outcome, hash);
  return hash;
}

/**
 * The ids that copies of one version bear (DESIGN 1.3), one for each view. Readers who have a copy of an earlier version
 * get the next one under the id that they know it by. Any other id is made of the original's and of the view, under a
 * key: nothing of the original can be worked out from it, and who else there is plays no part. `taken` are the ids of
 * copies that readers have of this very version: with other content the same id would be another object to them. What
 * the public alone has bears ids of its own, so that others' are what they would be without it.
 */
export function copyIds(
  gate: Pick<Gate, "copyTag">,
  { id: original, producer }: { id: string; producer: number },
  copies: readonly { readers: Readers; view: string }[],
  { earlier, taken }: { earlier: readonly EarlierCopy[]; taken: ReadonlySet<string> },
): string[] {
  const given = earlier.length === 0 ? NOTHING : inherited(copies, earlier, taken);
  const ids: string[] = [];
  const isFree = (id: string): boolean => !taken.has(id) && !ids.includes(id) && !given.includes(id);
  const type = typeOfId(original);
  for (const { view, readers } of copies) {
    const of = `${producer} ${original} ${view}${isForPublic(readers) ? ` ${PUBLIC.code}` : ""}`;
    ids.push(given[ids.length] ?? freeId(gate, type, of, isFree));
  }
  return ids;
}

const NOTHING: readonly (string | undefined)[] = [];

/** Of each copy, the id under which most of its readers know the earlier version. */
function inherited(
  copies: readonly { readers: Readers }[],
  earlier: readonly EarlierCopy[],
  taken: ReadonlySet<string>,
): (string | undefined)[] {
  const given: (string | undefined)[] = copies.map(() => undefined);
  for (const { id, readers } of earlier) {
    if (taken.has(id) || given.includes(id)) continue;
    const heirs = copies.map((copy, n) => (given[n] === undefined ? common(copy.readers, readers) : 0));
    const heir = heirs.indexOf(Math.max(...heirs));
    if ((heirs[heir] ?? 0) > 0) given[heir] = id;
  }
  return given;
}

/** No part of `of` has a blank in it, so that others are another text. */
function freeId(
  { copyTag }: Pick<Gate, "copyTag">,
  type: string,
  of: string,
  isFree: (id: string) => boolean,
): string {
  for (let n = 0; ; n++) {
    const id = idOfDigest(type, copyTag(n === 0 ? of : `${of} ${n}`));
    if (isFree(id)) return id;
  }
}

function isForPublic(readers: Readers): boolean {
  return readers.length === 1 && readers[0] === PUBLIC.id;
}

function common(a: Readers, b: Readers): number {
  if (isForPublic(b)) return Number(isForPublic(a));
  const others = new Set(b);
  return a.reduce((sum, reader) => sum + Number(reader !== PUBLIC.id && others.has(reader)), 0);
}

/** Gives a copy, which is nobody else's yet, the id that it bears. */
export function bearing(copy: StixObject, original: StixObject, id: string): StixObject {
  return copy === original ? { ...copy, id } : Object.assign(copy, { id });
}
