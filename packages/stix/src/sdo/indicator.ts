import { z } from "zod";
import { checkPattern } from "../pattern/check-pattern.ts";
import { domainProperties } from "../type/object-properties.ts";
import { defineType, type Rule } from "../type/object-type.ts";
import { KillChainPhase, list, OpenVocabulary, Text, Timestamp } from "../type/property-types.ts";
import { after } from "../type/rules.ts";

/** §4.7 A pattern by which suspicious activity can be detected. */
export const StixIndicator = z.looseObject({
  ...domainProperties("indicator"), // 3.2
  name: Text.optional(), // 4.7.1
  description: Text.optional(), // 4.7.1
  indicator_types: list(OpenVocabulary).optional(), // 4.7.1, indicator-type-ov
  pattern: Text, // 4.7.1, 9
  pattern_type: OpenVocabulary, // 4.7.1, pattern-type-ov
  pattern_version: Text.optional(), // 4.7.1
  valid_from: Timestamp, // 4.7.1
  valid_until: Timestamp.optional(), // 4.7.1
  kill_chain_phases: list(KillChainPhase).optional(), // 4.7.1, 2.11
});
export type StixIndicator = z.infer<typeof StixIndicator>;

export const indicator = defineType({
  type: "indicator",
  section: "4.7",
  family: "sdo",
  schema: StixIndicator,
  rules: [after("valid_until", "valid_from"), patternIsReadable], // 4.7.1
});

/** Only STIX patterns are ours to judge; YARA, Sigma, Snort and the rest pass as they are. */
function patternIsReadable(object: StixIndicator, report: Parameters<Rule<unknown>>[1]): void {
  if (object.pattern_type !== "stix") return;
  const checked = checkPattern(object.pattern);
  if (!checked.ok) report("/pattern", "pattern", checked.message);
}
