import type { StixObject } from "@suar/stix";
import { scanText } from "./detect/scan-text.ts";
import type { FieldFindings } from "./field-spans.ts";

const OF_ACCOUNT = /(?<![\w-])user-account:|\.(?:creator_user_ref|belongs_to_ref)\./;
const OF_RECIPIENT = /(?<![\w-])email-message:(?:to|cc|bcc)_refs/;

/**
 * What a pattern looks for is the attacker's: its addresses are infrastructure. But an account is somebody's, a
 * mail's recipients are its victims, and an identity number is a person's in any pattern. Rules in other
 * languages are texts with authors.
 */
export function patternFindings(pattern: string, { pattern_type: language }: StixObject): FieldFindings {
  if (language !== "stix" && language !== undefined)
    return { spans: scanText(pattern, "value"), whole: undefined };
  if (OF_ACCOUNT.test(pattern)) return { spans: [], whole: "account" };
  if (OF_RECIPIENT.test(pattern)) return { spans: [], whole: "email" };
  const spans = scanText(pattern, "value").filter((span) => span.class !== "email");
  return { spans, whole: undefined };
}
