import { z } from "zod";
import { domainProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { list, OpenVocabulary, Text, Timestamp } from "../type/property-types.ts";
import { notBefore } from "../type/rules.ts";

/** §4.17 People, groups or organisations believed to act with malice. */
export const StixThreatActor = z.looseObject({
  ...domainProperties("threat-actor"), // 3.2
  name: Text, // 4.17.1
  description: Text.optional(), // 4.17.1
  threat_actor_types: list(OpenVocabulary).optional(), // 4.17.1, threat-actor-type-ov
  aliases: list(Text).optional(), // 4.17.1
  first_seen: Timestamp.optional(), // 4.17.1
  last_seen: Timestamp.optional(), // 4.17.1
  roles: list(OpenVocabulary).optional(), // 4.17.1, threat-actor-role-ov
  goals: list(Text).optional(), // 4.17.1
  sophistication: OpenVocabulary.optional(), // 4.17.1, threat-actor-sophistication-ov
  resource_level: OpenVocabulary.optional(), // 4.17.1, attack-resource-level-ov
  primary_motivation: OpenVocabulary.optional(), // 4.17.1, attack-motivation-ov
  secondary_motivations: list(OpenVocabulary).optional(), // 4.17.1, attack-motivation-ov
  personal_motivations: list(OpenVocabulary).optional(), // 4.17.1, attack-motivation-ov
});
export type StixThreatActor = z.infer<typeof StixThreatActor>;

export const threatActor = defineType({
  type: "threat-actor",
  section: "4.17",
  family: "sdo",
  schema: StixThreatActor,
  rules: [notBefore("last_seen", "first_seen")], // 4.17.1
});
