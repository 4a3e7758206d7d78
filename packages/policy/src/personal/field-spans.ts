import type { StixObject } from "@suar/stix";
import type { PiiClass } from "../personal-data.ts";
import type { FieldKind, PersonalContext } from "./allow/shape.ts";
import { scanText } from "./detect/scan-text.ts";
import type { Span } from "./detect/span.ts";
import { looksForMail, patternFindings } from "./pattern-findings.ts";
import { isMarker } from "./redact/marker.ts";
import { withKnown } from "./victims/victim-addresses.ts";

/**
 * What a field holds: places in its text, or kinds of which the whole field is one. `key` names the field where
 * its producer chose the name: `passport_no` says what the value is.
 */
export type FieldFindings = { spans: readonly Span[]; whole: PiiClass | undefined };

/** A string in an object, and what the allow-list makes of it; undefined for what is unlisted. */
export type Field = {
  kind: FieldKind | undefined;
  key: string | undefined;
  object: StixObject;
  context: PersonalContext;
};

const NOTHING: FieldFindings = { spans: [], whole: undefined };

export function findingsInField(text: string, field: Field): FieldFindings {
  const { kind, context } = field;
  const found = byText(text, field);
  // What a pattern looks for is the attacker's, unless its producer called that very address a victim's.
  const known = kind === "pattern" ? context.named : context.victims;
  if (found.whole !== undefined || kind === "plain" || known === undefined) return found;
  const spans = withKnown(found.spans, text, known);
  return spans === found.spans ? found : inText(spans);
}

/** A key that its producer chose. */
export function findingsInKey(key: string, { victims }: PersonalContext): readonly Span[] {
  return withKnown(scanText(key, "prose"), key, victims);
}

function byText(text: string, { kind, key, object }: Field): FieldFindings {
  switch (kind) {
    case "plain":
      return NOTHING;
    case "value":
      return inText(scanText(text, "value"));
    case "prose":
      return inText(withoutOwnPattern(scanText(text, "prose"), text, object));
    case "person":
    case "account":
      return isMarker(text) ? NOTHING : { spans: scanText(text, "prose"), whole: kind };
    case "victim":
      return { spans: [], whole: object.type === "email-addr" || text.includes("@") ? "email" : "victimIp" };
    case "pattern":
      return patternFindings(text, object);
    default:
      return inText(scanNamed(text, key));
  }
}

function inText(spans: readonly Span[]): FieldFindings {
  return spans.length === 0 ? NOTHING : { spans, whole: undefined };
}

/** The name of a field that nobody knows reads like a word before its value. */
function scanNamed(text: string, key: string | undefined): readonly Span[] {
  if (key === undefined || !/[a-z]{2}/i.test(key)) return scanText(text, "prose");
  const label = `${key
    .replaceAll(/[_-]+/g, " ")
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
    .slice(0, 100)}: `;
  return scanText(label + text, "prose")
    .map((span) => ({ ...span, start: Math.max(0, span.start - label.length), end: span.end - label.length }))
    .filter(({ end }) => end > 0);
}

/** An indicator may name in words the address that its pattern looks for: that is the attacker's. */
function withoutOwnPattern(
  spans: readonly Span[],
  text: string,
  { type, pattern }: StixObject,
): readonly Span[] {
  if (spans.length === 0 || type !== "indicator" || typeof pattern !== "string" || !looksForMail(pattern))
    return spans;
  const own = pattern.toLowerCase();
  return spans.filter(
    (span) => span.class !== "email" || !own.includes(text.slice(span.start, span.end).toLowerCase()),
  );
}
