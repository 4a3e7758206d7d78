import { isAddressKey, PUBLIC } from "@suar/policy";
import { keyedId, type StixObject, typeOfId } from "@suar/stix";
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
  const addresses = [...(victims?.names ?? [])].filter(isAddressKey).sort();
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
  gate: Pick<Gate, "renditionMac">,
  { id: original, producer }: { id: string; producer: number },
  copies: readonly { readers: Readers; view: string }[],
  { earlier, taken }: { earlier: readonly EarlierCopy[]; taken: ReadonlySet<string> },
): string[] {
  const given = new Map<number, string>();
  const used = new Set(taken);
  for (const { id, readers } of earlier) {
    if (used.has(id)) continue;
    const heirs = copies.map((copy, n) => (given.has(n) ? 0 : common(copy.readers, readers)));
    const heir = heirs.indexOf(Math.max(...heirs));
    if ((heirs[heir] ?? 0) === 0) continue;
    given.set(heir, id);
    used.add(id);
  }
  return copies.map(({ view, readers }, n) => {
    const parts = [String(producer), original, view, ...(isForPublic(readers) ? [PUBLIC.code] : [])];
    const id = given.get(n) ?? unusedId(gate, original, parts, used);
    used.add(id);
    return id;
  });
}

function unusedId(
  { renditionMac }: Pick<Gate, "renditionMac">,
  original: string,
  of: readonly string[],
  used: ReadonlySet<string>,
): string {
  for (let n = 0; ; n++) {
    const parts = n === 0 ? of : [...of, String(n)];
    const id = keyedId(renditionMac, typeOfId(original), ...parts);
    if (!used.has(id)) return id;
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
