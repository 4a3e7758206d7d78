import { addressesIn, addressKeysOf, type Victims } from "@suar/policy";
import type { StixObject } from "@suar/stix";

/** What may be called a victim's and changes what is told of it: addresses, and what holds them. */
const CHANGED = /^(?:observed-data|network-traffic|ipv4-addr|ipv6-addr|email-addr)--/;
/** And what leads to these by relationships, and is told as ever itself. */
const LEADING = /^(?:infrastructure|domain-name)--/;

export function isOfInterest(id: string): boolean {
  return isChanged(id) || leadsOnly(id);
}

/** Whether it changes what is told of an object that it is a victim's. */
export function isChanged(id: string): boolean {
  return CHANGED.test(id);
}

/** Whether that it is a victim's leads to others alone, and changes nothing of what names it. */
export function leadsOnly(name: string): boolean {
  return LEADING.test(name);
}

/** Its own, and those of addresses that stand in its texts. */
type Names = { own: readonly string[]; texts: readonly string[] };

const NO_NAMES: Names = { own: [], texts: [] };
const known = new WeakMap<StixObject, Names>();

/** By which names something stated earlier or later may speak of an object, or of an address that stands in it. */
export function victimNamesOf(object: StixObject): readonly string[] {
  const { own, texts } = namesOf(object);
  return texts.length === 0 ? own : [...own, ...texts];
}

/** Keys of the addresses that stand in its texts, and that nothing else finds it by. */
export function mentionsIn(object: StixObject, keys: readonly string[]): string[] {
  return namesOf(object).texts.filter((name) => !keys.includes(name));
}

function namesOf(object: StixObject): Names {
  const before = known.get(object);
  if (before !== undefined) return before;
  const keys = addressKeysOf(object);
  // An address of mail is found by its form, but where a pattern looks for it.
  const isPattern = object.type === "indicator";
  const texts = [...addressesIn(object)].filter(
    (key) => !keys.includes(key) && (isPattern || !key.startsWith("email:")),
  );
  const own = isChanged(object.id) ? [object.id, ...keys] : keys;
  const names = own.length + texts.length === 0 ? NO_NAMES : { own, texts };
  known.set(object, names);
  return names;
}

/**
 * Of all that is known, what an object is about: itself by its id, and the keys of addresses in its texts.
 * `isOwn`: it was said of the object itself, or is taken for so.
 */
export function victimsIn(object: StixObject, all: Victims, isOwn: boolean): Victims | undefined {
  if (!isOwn && all.names.size === 0) return undefined;
  const { own, texts } = namesOf(object);
  const held = texts.filter((name) => all.names.has(name));
  const isVictims = isOwn || own.some((name) => all.names.has(name));
  if (held.length === 0 && !isVictims) return undefined;
  return {
    names: new Set(isVictims ? [object.id, ...held] : held),
    named: new Set(held.filter((name) => all.named.has(name))),
  };
}
