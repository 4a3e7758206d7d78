import type { Span } from "./span.ts";

/** RFC 5321 §4.5.3.1 */
const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 255;

const LOCAL = /[a-z0-9.!#$%&'+/=?^_`{|}~-]{1,64}$/;
const LETTERS_LOCAL = /[\p{L}\p{M}\p{N}._-]{1,64}$/u;
const QUOTED_LOCAL = /"[^"\n]{1,62}"$/;
const DOMAIN =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,10}(?:xn--[a-z0-9-]{1,59}|[a-z]{2,24})(?![a-z0-9])/;
const LETTERS_DOMAIN = /^(?:[\p{L}\p{M}\p{N}-]{1,63}\.){1,10}[\p{L}\p{M}]{2,24}/u;
const LITERAL_DOMAIN = /^\[(?:ipv6:)?[0-9a-f.:]{3,45}\]/;

/** What `redactObject` writes in the place of an address: a pseudonym under a name that nobody can own (RFC 2606). */
const PSEUDONYM = /(?<![a-z0-9.])[a-p]{20}@redacted\.invalid$/;

/** E-mail addresses, in a folded and refanged text. */
export function findEmails(text: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    const end = domainEnd(text, at + 1);
    const start = end === undefined ? undefined : localStart(text, at);
    if (end === undefined || start === undefined) continue;
    if (!PSEUDONYM.test(text.slice(Math.max(0, start - 1), end))) spans.push({ class: "email", start, end });
  }
  return spans;
}

function localStart(text: string, at: number): number | undefined {
  const before = text.slice(Math.max(0, at - LONGEST_LOCAL), at);
  const local = QUOTED_LOCAL.exec(before) ?? LOCAL.exec(before) ?? LETTERS_LOCAL.exec(before);
  if (local === null) return undefined;
  // Of `?e=name@` and `a/b/name@` the name alone; of `//name@host` nothing: that is a URL's own user (RFC 3986 §3.2.1).
  const lead = /^(?:.*[/=&?|])?['`]*/.exec(local[0])?.[0] ?? "";
  if (lead.endsWith("//") || lead.length === local[0].length) return undefined;
  return at - local[0].length + lead.length;
}

function domainEnd(text: string, from: number): number | undefined {
  const after = text.slice(from, from + LONGEST_DOMAIN);
  const domain = DOMAIN.exec(after) ?? LITERAL_DOMAIN.exec(after) ?? LETTERS_DOMAIN.exec(after);
  return domain === null ? undefined : from + domain[0].length;
}
