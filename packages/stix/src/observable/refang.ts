const SUSPECT = /[[({\\]|\bh(?:xx|\*\*)p|\bfxp|[\u200b-\u200d\u2060\ufeff]/i;

/** How reports take the sting out of values, and what each form stood for. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/[\u200b-\u200d\u2060\ufeff]/g, ""],
  [/\bh(?:xx|\*\*)p(s?)(?=\s?[[({]?\s?:)/gi, "http$1"],
  [/\bfxp(s?)(?=\s?[[({]?\s?:)/gi, "ftp$1"],
  [/[[({]\s?:\s?\/\/\s?[\])}]/g, "://"],
  [/[[({]\s?:\s?[\])}]/g, ":"],
  [/:[[({]\/\/[\])}]/g, "://"],
  [/[[({]\s?\/\s?[\])}]/g, "/"],
  [/\s?[[({]\s?(?:\.|dot|punkt|点)\s?[\])}]\s?/gi, "."],
  [/\s?[[({]\s?(?:@|at|chez)\s?[\])}]\s?/gi, "@"],
  // One bracket around the dot and what follows it: example[.com]
  [/\[\.([a-z0-9-]+)\]/gi, ".$1"],
];

/**
 * Undoes the defanging of a value: `hxxps://`, `[.]`, `(dot)`, `[at]`, `[://]`, `example\.com` and the like.
 * Spaces around it go too; text without such marks comes back as it was.
 */
export function refang(text: string): string {
  let plain = text.trim();
  // Most values are clean: one test spares them the rest.
  if (!SUSPECT.test(plain)) return plain;
  for (const [form, meaning] of FORMS) plain = plain.replace(form, meaning);
  return unescapeDots(plain);
}

/** `a\.b\.c`, but never a Windows path or registry key, whose backslashes stand elsewhere too. */
function unescapeDots(text: string): string {
  if (!text.includes("\\") || /\\(?!\.[A-Za-z0-9])/.test(text) || /\s/.test(text)) return text;
  return /(?:^|[^A-Za-z0-9])\\/.test(text) ? text : text.replaceAll("\\.", ".");
}
