import { z } from "zod";
import { domainProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { list, OpenVocabulary, Text, Timestamp } from "../type/property-types.ts";
import { notBefore } from "../type/rules.ts";

/** §4.9 Adversarial behaviours and resources believed to be one organisation's. */
export const StixIntrusionSet = z.looseObject({
  ...domainProperties("intrusion-set"), // 3.2
  name: Text, // 4.9.1
  description: Text.optional(), // 4.9.1
  aliases: list(Text).optional(), // 4.9.1
  first_seen: Timestamp.optional(), // 4.9.1
  last_seen: Timestamp.optional(), // 4.9.1
  goals: list(Text).optional(), // 4.9.1
  resource_level: OpenVocabulary.optional(), // 4.9.1, attack-resource-level-ov
  primary_motivation: OpenVocabulary.optional(), // 4.9.1, attack-motivation-ov
  secondary_motivations: list(OpenVocabulary).optional(), // 4.9.1, attack-motivation-ov
});
export type StixIntrusionSet = z.infer<typeof StixIntrusionSet>;

export const intrusionSet = defineType({
  type: "intrusion-set",
  section: "4.9",
  family: "sdo",
  schema: StixIntrusionSet,
  rules: [notBefore("last_seen", "first_seen")], // 4.9.1
});
