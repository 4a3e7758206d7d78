import type { StixObject } from "@suar/stix";
import type { PiiClass } from "../personal-data.ts";
import { scanText } from "./detect/scan-text.ts";
import type { FieldFindings } from "./field-spans.ts";

/** Quoted texts, so that what is looked for is not taken for where it is looked for. */
const CONSTANT = /'(?:[^'\\]|\\.)*'/g;
const MAIL = /email-(?:addr|message):/;
const OF_ACCOUNT = /user-account:|(?:creator_user_ref|belongs_to_ref)\./;
const OF_RECIPIENT = /email-message:(?:to|cc|bcc)_refs/;

/**
 * What a pattern looks for is the attacker's: its addresses are infrastructure. But an account is somebody's, a
 * mail's recipients are its victims, as who stands in a URL is, and an identity number is a person's in any pattern. Rules in other
 * languages are texts with authors.
 */
export function patternFindings(pattern: string, { pattern_type: language }: StixObject): FieldFindings {
  if (language !== "stix" && language !== undefined)
    return { spans: scanText(pattern, "value"), whole: undefined };
  const whole = lookedForIn(pattern);
  if (whole !== undefined) return { spans: [], whole };
  const found = scanText(pattern, "value");
  const spans = looksForMail(pattern) ? found.filter((span) => span.class !== "email") : found;
  return { spans, whole: undefined };
}

/** An address that is looked for as such is the attacker's; in a URL that is, it is whom the attacker wrote to. */
export function looksForMail(pattern: string): boolean {
  return MAIL.test(pattern) && MAIL.test(pattern.replaceAll(CONSTANT, "''"));
}

function lookedForIn(pattern: string): PiiClass | undefined {
  if (!/user-account|_ref/.test(pattern)) return undefined;
  const paths = pattern.replaceAll(CONSTANT, "''");
  if (OF_ACCOUNT.test(paths)) return "account";
  return OF_RECIPIENT.test(paths) ? "email" : undefined;
}
