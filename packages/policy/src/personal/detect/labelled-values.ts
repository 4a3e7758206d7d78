import type { Range } from "../text/fold.ts";
import { NATIONAL_NUMBERS } from "./national-numbers.ts";
import type { NumberChain } from "./number-chain.ts";
import { isPhone, type ParsingBudget } from "./phones.ts";
import type { Span } from "./span.ts";
import { ipAddressesIn } from "./victim-ips.ts";

/*
 * In technical values a name says what a number is: the parameter of a URL, the attribute of a subject, the beginning of
 * a file's name, an option of a command. It stands right before the number, with little between.
 */

/** `nomor`, `_no`, `Number`: what names of numbers end in. */
const NUMBERED = "(?:[-_. ]?(?:no|nr|num|nbr|number|nomor|nombor|so|id))?";
/** What may be between a name and its value, and what the value may begin with. */
const BETWEEN = "[\"'\\])]{0,2}[-_=: ]{1,3}[\"'(]{0,2}";
const BEGINNING = "(\\+?\\(?|[a-z]{1,2}-?)$";
const LETTERED = "((?:[a-z][ -]?){0,2})$";
/** The longest name, and what is between. */
const REACH = 48;

/** Long ones may end another word (`userphone`), short ones stand alone. */
const PHONE =
  "(?:phone|mobile|msisdn|whatsapp|telepon|telefon|telefone|telemovel|ponsel|bimbit|shouji|dienthoai|手机|手機|电话|電話|โทร|(?<![a-z0-9])(?:tel|telp|hp|wa|fax|faks|sms|cell|cel|sdt|contact))";
const IDENTITY =
  "(?:nric|mykad|cccd|ktp|idcard|id[-_. ]card|identity[-_. ]?(?:card|no|num|number|id)|identitas|national[-_. ]?id|citizen[-_. ]?id|resident[-_. ]?id|shenfenzheng|philsys|kependudukan|pengenalan|身份证|身分證|公民身份|บัตรประชาชน|(?<![a-z0-9])(?:nik|cmnd|cmt|sfzh?))";
/** Words that mean other things, too: only a number that is built like an identity's. */
const PERHAPS_IDENTITY = "(?<![a-z0-9])(?:ic|fin|kp|idno|umid|crn|psn|pcn|nid)";
const PASSPORT =
  "(?:passport|passpor|paspor|pasport|pasaporte|passaporte|ho[-_ ]?chieu|护照|護照|travel[-_. ]?doc(?:ument)?)";
const VICTIM =
  "(?:victim|infected|compromised|korban|mangsa|受害者?|被害|感染)s?(?:[-_. ]?(?:ip|ipv4|ipv6|host|addr|address|server|machine|pc))?";

const ANY_NAME = new RegExp([PHONE, IDENTITY, PERHAPS_IDENTITY, PASSPORT].join("|"));

type Named = {
  class: Span["class"];
  name: RegExp;
  /** From the first digit on. */
  value: RegExp;
  isOne: (value: string, budget: ParsingBudget) => boolean;
};

const DIGITS = "\\d(?:[ ./()-]{0,2}\\d)";
const nameOf = (label: string, beginning = BEGINNING): RegExp =>
  new RegExp(label + NUMBERED + BETWEEN + beginning);
const valueForm = (form: string): RegExp => new RegExp(`${form}(?![a-z0-9])`, "y");

const KINDS: readonly Named[] = [
  {
    class: "passport",
    name: nameOf(PASSPORT, LETTERED),
    value: valueForm("\\d(?:[ -]?\\d){5,8}(?:[ -]?[a-z])?"),
    isOne: () => true,
  },
  {
    class: "nationalId",
    name: nameOf(IDENTITY),
    value: valueForm(`${DIGITS}{5,17}(?:[ -]?[a-z])?`),
    isOne: (value) => new Set(digitsOf(value)).size > 1,
  },
  {
    class: "nationalId",
    name: nameOf(PERHAPS_IDENTITY),
    value: valueForm(`${DIGITS}{11,17}`),
    isOne: isBuiltLikeOne,
  },
  { class: "phone", name: nameOf(PHONE), value: valueForm(`${DIGITS}{6,16}`), isOne: isPhone },
];
const VICTIMS_WORD = /victim|infected|compromised|korban|mangsa|受害|被害|感染/;
const VICTIMS_NAME = new RegExp(`${VICTIM}${BETWEEN}$`);

/** Numbers of people in a folded value, by the names that they bear; `isNobodys` says what is a time, a hash or the like. */
export function findLabelledValues(
  text: string,
  chains: readonly NumberChain[],
  isNobodys: (range: Range) => boolean,
): Span[] {
  const budget: ParsingBudget = { left: 50 };
  const spans: Span[] = [];
  for (const { groups } of chains) {
    for (const { start: at } of groups) {
      if (at < (spans.at(-1)?.end ?? 0)) continue;
      const span = namedAt(text, at, budget);
      if (span !== undefined && !isNobodys(span)) spans.push(span);
    }
  }
  return spans;
}

function namedAt(text: string, at: number, budget: ParsingBudget): Span | undefined {
  if (!mayBeNamed(text, at)) return undefined;
  const before = text.slice(Math.max(0, at - REACH), at);
  if (!ANY_NAME.test(before)) return undefined;
  for (const { class: kind, name, value, isOne } of KINDS) {
    const beginning = name.exec(before)?.[1];
    if (beginning === undefined) continue;
    value.lastIndex = at;
    const found = value.exec(text)?.[0];
    if (found !== undefined && isOne(beginning + found, budget))
      return { class: kind, start: at - beginning.length, end: at + found.length };
  }
  return undefined;
}

const ENDS_NAME = "-_=: \"'(+abcdefghijklmnopqrstuvwxyz";

/** Most numbers stand in a path or a hash: behind two letters or digits, or a slash, no name ends. */
function mayBeNamed(text: string, at: number): boolean {
  if (at === 0 || !ENDS_NAME.includes(text[at - 1] ?? "")) return false;
  return /[-_=: "'(+]$|[-_=: "'(][a-z](?:[ -]?[a-z])?[ -]?$/.test(text.slice(Math.max(0, at - 5), at));
}

/** Addresses in a folded value whose name calls them a victim's. */
export function findLabelledIps(text: string): Span[] {
  if (!VICTIMS_WORD.test(text)) return [];
  return ipAddressesIn(text).flatMap(({ 0: address, index: start }): Span[] => {
    const isVictims = VICTIMS_NAME.test(text.slice(Math.max(0, start - REACH), start));
    return isVictims ? [{ class: "victimIp", start, end: start + address.length }] : [];
  });
}

function digitsOf(value: string): string {
  return value.replaceAll(/\D/g, "");
}

function isBuiltLikeOne(value: string): boolean {
  const digits = digitsOf(value);
  return NATIONAL_NUMBERS.some(
    ({ length, needsWord, fits }) => length === digits.length && needsWord !== true && fits(digits),
  );
}
