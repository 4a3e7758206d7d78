import type { Span } from "./span.ts";

/** RFC 5321 §4.5.3.1 */
const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 255;

const LOCAL = "abcdefghijklmnopqrstuvwxyz0123456789.!#$%&'+/=?^_`{|}~-";
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
  const local = localBefore(text, at);
  if (local === "") return undefined;
  // Of `?e=name@` and `a/b/name@` the name alone; of `//name@host` nothing: that is a URL's own user (RFC 3986 §3.2.1).
  const lead = /^(?:.*[/=&?|])?['`]*/.exec(local)?.[0] ?? "";
  if (lead.endsWith("//") || lead.length === local.length) return undefined;
  return at - local.length + lead.length;
}

function localBefore(text: string, at: number): string {
  const least = Math.max(0, at - LONGEST_LOCAL);
  const last = text.charCodeAt(at - 1);
  const before = text.slice(least, at);
  if (last === QUOTE) {
    const quoted = QUOTED_LOCAL.exec(before);
    if (quoted !== null) return quoted[0];
  }
  // Unit by unit: a form that may begin anywhere is tried at each.
  let start = at;
  while (start > least && IS_LOCAL[text.charCodeAt(start - 1)] === 1) start -= 1;
  return start < at ? text.slice(start, at) : (LETTERS_LOCAL.exec(before)?.[0] ?? "");
}

const QUOTE = 0x22;
const IS_LOCAL = new Uint8Array(128);
for (const unit of LOCAL) IS_LOCAL[unit.charCodeAt(0)] = 1;

function domainEnd(text: string, from: number): number | undefined {
  const after = text.slice(from, from + LONGEST_DOMAIN);
  const domain = DOMAIN.exec(after) ?? LITERAL_DOMAIN.exec(after) ?? LETTERS_DOMAIN.exec(after);
  return domain === null ? undefined : from + domain[0].length;
}
