import { isIPv6 } from "node:net";
import { canonicalize, type ObservableKind } from "@suar/stix";
import { MARKED_DOT, refangLine } from "./refang-line.ts";
import { looksLikeDomain } from "./top-level-domains.ts";

export type FoundValue = { kind: ObservableKind; raw: string; canonical: string };

const DOT = `[.${MARKED_DOT}]`;
/** Scripts that are written without spaces: next to letters of others, a word ends. */
const UNSPACED =
  "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}";
const LETTER = `[\\p{L}--[${UNSPACED}]]`;
/** What makes a word longer. */
const WORD = `[[\\p{L}\\p{N}]--[${UNSPACED}]]`;
/** No label mixes the two: what looks so is a name in the midst of a sentence. */
const SPACED_LABEL = `${WORD}[[\\p{L}\\p{M}\\p{N}_\\-]--[${UNSPACED}]]{0,62}`;
const SPACED_END = `${LETTER}[[\\p{L}\\p{M}\\p{N}\\-]--[${UNSPACED}]]{1,62}`;
const SPACED_HOST = `(?:${SPACED_LABEL}${DOT}){1,20}${SPACED_END}`;
const UNSPACED_LABEL = `[${UNSPACED}][${UNSPACED}\\p{M}\\p{N}\\-]{0,62}`;
const LABEL = `(?:${SPACED_LABEL}|${UNSPACED_LABEL})`;
/** One with labels of either kind has to stand by itself, or nobody could tell where it begins. */
const LONE_HOST = `(?<![\\p{L}\\p{N}@\\/\\\\._\\-])(?:${LABEL}${DOT}){1,20}(?:${SPACED_END}|[${UNSPACED}][${UNSPACED}\\p{M}\\p{N}]{1,62})(?!${DOT}?[\\p{L}\\p{N}]|[\\(@_\\-])`;

/** In a URL, letters of such a script stand behind a mark or one another: behind a letter the sentence goes on. */
const URL_CHARACTER = `[^\\s<>"'\`\\{\\}\\|^\u00a0\u2018-\u201f\u3000-\u3020\uff01-\uff20\uff3b-\uff3d${UNSPACED}]|(?<![A-Za-z0-9${MARKED_DOT}])[${UNSPACED}]`;

/**
 * All that can be meant, in the order in which one is tried before the other: a URL before its host, an
 * address with a prefix length before the address. Every repetition is bounded.
 */
const CANDIDATE = new RegExp(
  [
    `(?<url>\\b(?:https?|ftp):\\/\\/(?:${URL_CHARACTER}){3,4000})`,
    `(?<email>(?<![${WORD}._%+\\-])[${WORD}_%+][${WORD}._%+${MARKED_DOT}\\-]{0,63}@${SPACED_HOST})`,
    "(?<cve>\\bCVE-\\d{4}-\\d{4,19}(?!\\d))",
    `(?<hash>(?<!${WORD})(?:[0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?!${WORD}))`,
    `(?<ipv4>(?<![${WORD}.\\-])(?:\\d{1,3}${DOT}){3}\\d{1,3}(?:\\/\\d{1,2})?(?!${WORD}|[.]\\d))`,
    `(?<ipv6>(?<![${WORD}:.])(?:[0-9a-f]{0,4}:){2,7}(?:(?:\\d{1,3}\\.){3}\\d{1,3}|[0-9a-f]{1,4})?(?:\\/\\d{1,3})?(?![${WORD}:]|[.]\\d))`,
    `(?<btc>(?<!${WORD})(?:bc1[02-9ac-hj-np-z]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34})(?!${WORD}))`,
    `(?<domain>${LONE_HOST}|(?<![${WORD}@\\/\\\\._\\-])${SPACED_HOST}(?![${WORD}\\(@_\\-]))`,
  ].join("|"),
  "giv",
);

/** The values in a line of prose, defanged or not. A value inside another is not given twice. */
export function* findValues(line: string): Generator<FoundValue> {
  if (line.length < 4) return;
  const text = refangLine(line);
  for (const match of text.matchAll(CANDIDATE)) {
    const [whole] = match;
    const [name] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    const found =
      name === undefined
        ? undefined
        : READ[name]?.(whole, text.slice(Math.max(0, match.index - WORD_BEFORE), match.index));
    if (found === undefined) continue;
    const canonical = canonicalize(found.kind, found.raw);
    if (canonical.ok) yield { ...found, canonical: canonical.value };
  }
}

/** How far back a word that changes the meaning may stand: bounded, for lines may be long. */
const WORD_BEFORE = 24;

type Read = (whole: string, before: string) => { kind: ObservableKind; raw: string } | undefined;

const plain = (text: string): string => text.replaceAll(MARKED_DOT, ".");

const READ: Record<string, Read> = {
  url: (whole) => ({ kind: "url", raw: trimmedUrl(plain(whole)) }),
  email: (whole) => {
    const raw = plain(whole);
    const host = raw.slice(raw.lastIndexOf("@") + 1).toLowerCase();
    return looksLikeDomain(host, whole.includes(MARKED_DOT)) ? { kind: "email", raw } : undefined;
  },
  cve: (raw) => ({ kind: "cve", raw }),
  hash: (raw) => ({ kind: HASH_BY_LENGTH[raw.length] ?? "md5", raw }),
  ipv4: (whole, before) => {
    const raw = plain(whole);
    // "version 10.2.4.1" is no address.
    if (/\b(?:version|ver|build|release|firmware)[\s:.]*$/i.test(before)) return undefined;
    return { kind: raw.includes("/") ? "cidr4" : "ipv4", raw };
  },
  ipv6: (raw) => {
    const address = raw.split("/")[0] ?? "";
    // Times and scopes of programs (12:30:45, a::b) are no addresses worth reporting.
    if (!isIPv6(address) || !/\d/.test(address) || address.length < 5) return undefined;
    return { kind: raw.includes("/") ? "cidr6" : "ipv6", raw };
  },
  btc: (raw) => ({ kind: "btc", raw }),
  domain: (whole) => {
    const raw = plain(whole);
    const shown = whole.includes(MARKED_DOT);
    if (!shown && /[a-z]\.[A-Z][a-z]+$/.test(raw)) return undefined; // a full stop without its space
    return looksLikeDomain(raw.toLowerCase(), shown) ? { kind: "domain", raw } : undefined;
  },
};

const HASH_BY_LENGTH: Readonly<Record<number, ObservableKind>> = {
  32: "md5",
  40: "sha1",
  64: "sha256",
  128: "sha512",
};

const OPENERS: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

/** Without the punctuation of the sentence; a closing bracket stays when the URL opened it. */
function trimmedUrl(url: string): string {
  const balance = new Map<string, number>();
  for (const [close, open] of Object.entries(OPENERS))
    balance.set(close, count(url, close) - count(url, open));
  let end = url.length;
  for (; end > 0; end--) {
    const last = url[end - 1] ?? "";
    const surplus = balance.get(last);
    if (surplus !== undefined && surplus > 0) balance.set(last, surplus - 1);
    else if (!ENDS_SENTENCE.has(last)) break;
  }
  return url.slice(0, end);
}

const ENDS_SENTENCE = new Set(".,;:!?*_'…。");

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
