import type { Span } from "./span.ts";
import { lastBefore, NO_VICTIM_WORDS, VICTIM_WORDS } from "./words.ts";

/** How far an address may stand behind the word that calls it a victim's. */
const REACH = 90;
/** In a list the address before says the same of the next. */
const LIST_GAP = 12;

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`(?<![\\d.a-z-])${OCTET}(?:\\.${OCTET}){3}(?![a-z-]|\\.?\\d)`, "g");
const IPV6 =
  /(?<![0-9a-z:.])(?:[0-9a-f]{1,4}:){1,7}(?::?[0-9a-f]{1,4}){1,7}(?![0-9a-z:])|(?<![0-9a-z:.])::(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4}(?![0-9a-z:])/g;

/** Addresses that the text calls a victim's: nearer to such a word, in their sentence, than to an attacker's. */
export function findVictimIps(text: string): Span[] {
  if (!VICTIM_WORDS.test(text)) return [];
  VICTIM_WORDS.lastIndex = 0;
  const spans: Span[] = [];
  for (const { 0: address, index: start } of addressesIn(text)) {
    const end = start + address.length;
    const last = spans.at(-1);
    const listed =
      last !== undefined && start - last.end <= LIST_GAP && isListGap(text.slice(last.end, start));
    if (listed || isVictims(text, start)) spans.push({ class: "victimIp", start, end });
  }
  return spans;
}

function addressesIn(text: string): RegExpExecArray[] {
  const found = [...text.matchAll(IPV4)];
  if (text.includes(":")) found.push(...[...text.matchAll(IPV6)].filter(({ 0: address }) => isIpv6(address)));
  return found.sort((a, b) => a.index - b.index);
}

/** The times of day and the like that look like the beginning of one have neither `::` nor eight groups. */
function isIpv6(address: string): boolean {
  const groups = address.split(":").length;
  return address.split("::").length === 2 ? groups <= 9 : groups === 8;
}

function isListGap(between: string): boolean {
  return /^(?:[\s,;、，/&|[\](){}.-]|and|or|和|及|与|dan|และ|và|e|ou|at|os){0,12}$/.test(between);
}

function isVictims(text: string, at: number): boolean {
  const sentence = Math.max(text.lastIndexOf("\n", at), text.lastIndexOf(". ", at), at - REACH);
  const reach = at - Math.max(0, sentence);
  const victim = lastBefore(text, at, VICTIM_WORDS, reach);
  return victim !== -1 && victim > lastBefore(text, at, NO_VICTIM_WORDS, reach);
}
