import { type FoldedText, fold, rangeInOriginal } from "../text/fold.ts";
import { refangAddresses } from "../text/refang-addresses.ts";
import { findEmails } from "./emails.ts";
import { findEncodedEmails } from "./encoded-emails.ts";
import { findNationalIds } from "./national-ids.ts";
import { hasNumber, type NumberChain, numberChains } from "./number-chain.ts";
import { findPassports } from "./passports.ts";
import { findPhones } from "./phones.ts";
import { type Span, withoutOverlaps } from "./span.ts";
import { withoutTechnical } from "./technical.ts";
import { decodeSeparators, findInValues } from "./values.ts";
import { findVictimIps, mayHaveIp } from "./victim-ips.ts";

/** Without one of these there is nothing to look for: an @ however it is spelled, a digit, or `::`. */
const WORTH_A_LOOK =
  /[@＠﹫]|\p{N}|::|[[({<［（｛〔【] {0,3}(?:at|a t|艾特) {0,3}[\])}>］）｝〕】]| at [\w-]+ dot /iu;

/** In one look at each unit: most texts have none of what a text worth a second look has. */
const AT_FIRST_SIGHT = /[@0-9[({<]|::|[^\t\n\r\x20-\x7e]| dot /i;
/** What is worth it without that second look, which reads every script. */
const SURELY = /[@0-9]/;

/**
 * Personal data in a text. In `prose` everything is looked for; in a technical `value` (a URL, the name of a file)
 * only what has evidence of its own: a check, a name right before it, the form in which people write it.
 */
export function scanText(text: string, kind: "prose" | "value"): readonly Span[] {
  if (!AT_FIRST_SIGHT.test(text)) return NONE;
  if (!SURELY.test(text) && !WORTH_A_LOOK.test(text)) return NONE;
  for (const one of lately) if (one.text === text && one.kind === kind) return one.spans;
  const spans = scan(text, kind);
  if (spans.length === 0) return NONE;
  if (text.length <= LONGEST_REMEMBERED) remember({ text, kind, spans });
  return spans;
}

/**
 * Who finds a text goes on to redact it, for one reader after the other, and each looks at it several times: what was
 * found last is remembered, as far as it is short. Most texts have nothing, and are not looked at again.
 */
const lately: { text: string; kind: "prose" | "value"; spans: readonly Span[] }[] = [];
const MOST_REMEMBERED = 8;
const LONGEST_REMEMBERED = 4_096;
const NONE: readonly Span[] = [];
let next = 0;

function remember(found: (typeof lately)[number]): void {
  lately[next] = found;
  next = (next + 1) % MOST_REMEMBERED;
}

function scan(text: string, kind: "prose" | "value"): readonly Span[] {
  const folded = refangAddresses(fold(text));
  const addresses = folded.text.includes("@") ? findEmails(folded.text) : [];
  const victims = kind === "prose" && mayHaveIp(folded.text) ? findVictimIps(folded.text) : [];
  const chains = hasNumber(folded.text) ? numberChains(folded.text) : NO_CHAINS;
  const numbers = kind === "prose" && chains.length > 0 ? numbersIn(folded.text, chains) : NONE;
  const values = inValues(folded, chains);
  const encoded = findEncodedEmails(text);
  if (addresses.length + victims.length + numbers.length + values.length + encoded.length === 0) return NONE;
  const others = inOriginal(folded, [...addresses, ...victims, ...numbers]);
  return withoutOverlaps([...encoded, ...others, ...values]);
}

const NO_CHAINS: readonly NumberChain[] = [];

/** Values stand in texts, too. */
function inValues(folded: FoldedText, chains: readonly NumberChain[]): readonly Span[] {
  const decoded = decodeSeparators(folded);
  return inOriginal(decoded, findInValues(decoded.text, decoded === folded ? chains : undefined));
}

function inOriginal(folded: FoldedText, spans: readonly Span[]): readonly Span[] {
  return spans.length === 0 ? spans : spans.map((span) => ({ ...span, ...rangeInOriginal(folded, span) }));
}

function numbersIn(whole: string, ofWhole: readonly NumberChain[]): readonly Span[] {
  const text = withoutTechnical(whole);
  const chains = text === whole ? ofWhole : numberChains(text);
  if (chains.length === 0) return NONE;
  return [...findPassports(text), ...findNationalIds(text, chains), ...findPhones(text, chains)];
}
