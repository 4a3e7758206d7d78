import { type FoldedText, replaceFolded } from "./fold.ts";

const BRACKETED = / {0,3}[[({<] {0,3}(?:@|at|\.|dot|punkt|点|艾特) {0,3}[\])}>] {0,3}/g;
const SPELLED_AT = / {1,3}at {1,3}(?=(?:[a-z0-9-]{1,63} {1,3}dot {1,3}){1,4}[a-z]{2})/g;
const SPELLED_DOT = / {1,3}dot {1,3}/g;

/** `name[at]example(dot)com`, `name at example dot com` and the like as the addresses that they mean. */
export function refangAddresses(folded: FoldedText): FoldedText {
  const { text } = folded;
  const plain = /[[({<]/.test(text)
    ? replaceFolded(folded, BRACKETED, (form) => (/@|at|艾特/.test(form) ? "@" : "."))
    : folded;
  if (!text.includes(" dot ")) return plain;
  const joined = replaceFolded(plain, SPELLED_AT, () => "@");
  return joined === plain ? plain : replaceFolded(joined, SPELLED_DOT, () => ".");
}
