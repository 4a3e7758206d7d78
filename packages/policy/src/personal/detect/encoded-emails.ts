import { matchesOf } from "../text/matches.ts";
import { findEmails } from "./emails.ts";
import type { Span } from "./span.ts";

/** Base64 in both alphabets (RFC 4648 §4, §5), but for the slash: what stands in URLs begins behind one. */
const TOKEN = /(?<![A-Za-z0-9+_-])[A-Za-z0-9+_-]{12,400}={0,2}/g;
const HEXADECIMAL = /^[0-9a-f-]*$/i;
const PRINTABLE = /^[\x20-\x7e]*$/;

/**
 * Tokens that are Base64 of texts with addresses in them: pages that phish are given their victim's so. Places are in the
 * text as it is: here the case of letters counts.
 */
export function findEncodedEmails(text: string): Span[] {
  const spans: Span[] = [];
  for (const { 0: token, index: start } of matchesOf(text, TOKEN)) {
    if (HEXADECIMAL.test(token)) continue;
    const decoded = Buffer.from(token, "base64").toString("latin1");
    if (!decoded.includes("@") || !PRINTABLE.test(decoded)) continue;
    if (findEmails(decoded.toLowerCase()).length > 0)
      spans.push({ class: "email", start, end: start + token.length });
  }
  return spans;
}
