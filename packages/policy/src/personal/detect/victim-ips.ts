import { matchesOf } from "../text/matches.ts";
import type { Span } from "./span.ts";
import { NO_VICTIM_WORDS, VICTIM_WORDS, WordPlaces } from "./words.ts";

/** How far an address may stand behind the word that calls it a victim's. */
const REACH = 90;
/** In a list the address before says the same of the next. */
const LIST_GAP = 12;

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`(?<![\\d.a-z-])${OCTET}(?:\\.${OCTET}){3}(?![a-z-]|\\.?\\d)`, "g");
const IPV6 =
  /(?<![0-9a-z:.])(?:[0-9a-f]{1,4}:){1,7}(?::?[0-9a-f]{1,4}){1,7}(?![0-9a-z:])|(?<![0-9a-z:.])::(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4}(?![0-9a-z:])/g;

/** What every address has: most texts have neither. */
export function mayHaveIp(text: string): boolean {
  return /[0-9a-f:]:[0-9a-f:]|\d\.\d{1,3}\.\d/.test(text);
}

/** Addresses that the text calls a victim's: nearer to such a word, in their sentence, than to an attacker's. */
export function findVictimIps(text: string): Span[] {
  const spans: Span[] = [];
  const addresses = ipAddressesIn(text);
  if (addresses.length === 0) return spans;
  const victims = new WordPlaces(text, VICTIM_WORDS);
  const others = new WordPlaces(text, NO_VICTIM_WORDS);
  for (const { 0: address, index: start } of addresses) {
    const last = spans.at(-1);
    const reach = sentenceBefore(text, start);
    if (reach === 0 && last === undefined) continue;
    const victim = victims.lastBefore(start, reach);
    const called = victim !== -1 && victim > others.lastBefore(start, reach);
    if (called || (last !== undefined && isListed(text, last.end, start)))
      spans.push({ class: "victimIp", start, end: start + address.length });
  }
  return spans;
}

/** How far back the sentence of a place began, as far as we look. */
function sentenceBefore(text: string, at: number): number {
  const before = text.slice(Math.max(0, at - REACH), at);
  return before.length - 1 - Math.max(before.lastIndexOf("\n"), before.lastIndexOf(". "));
}

/** All addresses of a folded text, in its order. */
export function ipAddressesIn(text: string): readonly RegExpExecArray[] {
  const found = matchesOf(text, IPV4);
  if (!text.includes(":")) return found;
  const others = matchesOf(text, IPV6).filter(({ 0: address }) => isIpv6(address));
  return others.length === 0 ? found : [...found, ...others].sort((a, b) => a.index - b.index);
}

/** The times of day and the like that look like the beginning of one have neither `::` nor eight groups. */
function isIpv6(address: string): boolean {
  const groups = address.split(":").length;
  return address.split("::").length === 2 ? groups <= 9 : groups === 8;
}

function isListed(text: string, end: number, start: number): boolean {
  if (start - end > LIST_GAP) return false;
  return /^(?:[\s,;、，/&|[\](){}.-]|and|or|和|及|与|dan|และ|va|e|ou|at|os){0,12}$/.test(
    text.slice(end, start),
  );
}
