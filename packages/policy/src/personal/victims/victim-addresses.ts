import { canonicalize, keysOf, observableKey, type StixObject } from "@suar/stix";
import { findEmails } from "../detect/emails.ts";
import { type Span, withoutOverlaps } from "../detect/span.ts";
import { ipAddressesIn, mayHaveIp } from "../detect/victim-ips.ts";
import { type FoldedText, fold, type Range, rangeInOriginal } from "../text/fold.ts";
import { refangAddresses } from "../text/refang-addresses.ts";

/**
 * What was called a victim's: ids of objects, and canonical keys of their addresses. `named` are the keys of those of
 * which somebody said so outright; the others were seen at a victim's.
 */
export type Victims = { names: ReadonlySet<string>; named: ReadonlySet<string> };

const OF_AN_ADDRESS = /^(?:ipv[46]|email):/;
const ADDRESS_TYPES: ReadonlySet<unknown> = new Set(["ipv4-addr", "ipv6-addr", "email-addr"]);

/** Names of victims are ids, too. */
export function isAddressKey(name: string): boolean {
  return OF_AN_ADDRESS.test(name);
}

/** The canonical keys of an object that is an address itself; of any other none. */
export function addressKeysOf(object: Readonly<Record<string, unknown>>): readonly string[] {
  if (!ADDRESS_TYPES.has(object.type)) return [];
  return keysOf(object as StixObject).filter(isAddressKey);
}

/** Whether an address object is a victim's: by its id, or by its value under whatever id. */
export function isVictims(object: Readonly<Record<string, unknown>>, names: ReadonlySet<string> | undefined) {
  if (names === undefined || names.size === 0) return false;
  return names.has(String(object.id)) || addressKeysOf(object).some((key) => names.has(key));
}

/** Canonical keys of the IP addresses, and with an @ of the addresses of mail, that stand anywhere in an object's strings. */
export function addressesIn(object: StixObject): ReadonlySet<string> {
  const found = new Set<string>();
  visit(object, found, 0);
  return found;
}

/** Deeper than any object that `parseStixObject` accepts. */
const DEEPEST = 66;
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

function visit(value: unknown, found: Set<string>, depth: number): void {
  if (typeof value === "string") {
    if (NOWHERE.test(value) || !mayHold(value) || INSTANT.test(value)) return;
    for (const { key } of placesIn(value)) found.add(key);
  } else if (typeof value === "object" && value !== null && depth < DEEPEST)
    for (const key of Object.keys(value)) {
      visit(value[key as keyof typeof value], found, depth + 1);
      if (!NOWHERE.test(key) && mayHold(key)) visit(key, found, depth + 1);
    }
}

/** Ids, and names of properties: nothing of them is looked for by more. */
const NOWHERE = /^(?:[a-z_]{1,40}|[a-z]{1,20}(?:-[a-z]{1,20}){0,3}--[0-9a-f-]{36})$/;
const SEPARATED = /[.@:％%&\\]|[^\t\n\r\x20-\x7e]|dot|at\b/i;

/** Most strings are ids, words or hashes: they have a digit and a dot, or they have no address. */
function mayHold(text: string): boolean {
  return SEPARATED.test(text) && (text.includes("@") || /[\p{N}:]/u.test(text) || /\bat\b/i.test(text));
}

type Place = Range & { key: string; isMail: boolean };

function placesIn(text: string): Place[] {
  const folded = refangAddresses(fold(text));
  const places = mayHaveIp(folded.text) ? ipAddressesIn(folded.text).flatMap((at) => ipPlace(at)) : [];
  if (!folded.text.includes("@")) return places.map((place) => inOriginal(folded, place));
  const mails = findEmails(folded.text).flatMap(({ start, end }) => {
    const mail = canonicalize("email", folded.text.slice(start, end));
    return mail.ok ? [{ start, end, key: observableKey("email", mail.value), isMail: true }] : [];
  });
  return [...places, ...mails].map((place) => inOriginal(folded, place));
}

function inOriginal(folded: FoldedText, place: Place): Place {
  return { ...place, ...rangeInOriginal(folded, place) };
}

function ipPlace({ 0: address, index: start }: RegExpExecArray): Place[] {
  const kind = address.includes(":") ? "ipv6" : "ipv4";
  const canonical = canonicalize(kind, address);
  if (!canonical.ok) return [];
  const key = observableKey(kind, canonical.value);
  return [{ start, end: start + address.length, key, isMail: false }];
}

/** Whether any of what is known is an address: of ids alone nothing stands in a text. */
export function namesAddresses(keys: ReadonlySet<string> | undefined): keys is ReadonlySet<string> {
  if (keys !== undefined) for (const key of keys) if (isAddressKey(key)) return true;
  return false;
}

const NO_SPANS: readonly Span[] = [];

/** Where addresses stand in a text that are known to be victims'. */
function knownAddresses(text: string, keys: ReadonlySet<string> | undefined): readonly Span[] {
  if (!namesAddresses(keys) || !mayHold(text)) return NO_SPANS;
  return placesIn(text).flatMap(({ start, end, key, isMail }): Span[] =>
    keys.has(key) ? [{ class: isMail ? "email" : "victimIp", start, end }] : [],
  );
}

/** The same beside what was found by the text alone. */
export function withKnown(
  spans: readonly Span[],
  text: string,
  keys: ReadonlySet<string> | undefined,
): readonly Span[] {
  const known = knownAddresses(text, keys);
  return known.length === 0 ? spans : withoutOverlaps([...spans, ...known]);
}
