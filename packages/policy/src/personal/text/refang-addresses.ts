import { type FoldedText, replaceFolded } from "./fold.ts";

const BRACKETED = / {0,3}[[({<] {0,3}(?:@|at|\.|dot|punkt|点|艾特) {0,3}[\])}>] {0,3}/g;
const SPELLED_AT = / {1,3}at {1,3}(?=(?:[a-z0-9-]{1,63} {1,3}dot {1,3}){1,4}[a-z]{2})/g;
const SPELLED_DOT = / {1,3}dot {1,3}/g;

/** As URLs (RFC 3986 §2.1, be they encoded twice), HTML and programs write what separates the parts of an address. */
const ENCODED = /%(?:25){0,3}(?:40|2e)|&#(?:0{0,4}(?:64|46)|x0{0,4}(?:40|2e));|\\(?:u00|x)(?:40|2e)/g;
const ENCODED_AT = /(?:40|64);?$/;

/** `name[at]example(dot)com`, `name at example dot com` and the like as the addresses that they mean. */
export function refangAddresses(folded: FoldedText): FoldedText {
  const decoded = /[%&\\]/.test(folded.text)
    ? replaceFolded(folded, ENCODED, (form) => (ENCODED_AT.test(form) ? "@" : "."))
    : folded;
  const { text } = decoded;
  const plain = /[[({<]/.test(text)
    ? replaceFolded(decoded, BRACKETED, (form) => (/@|at|艾特/.test(form) ? "@" : "."))
    : decoded;
  if (!text.includes(" dot ")) return plain;
  const joined = replaceFolded(plain, SPELLED_AT, () => "@");
  return joined === plain ? plain : replaceFolded(joined, SPELLED_DOT, () => ".");
}
