import { z } from "zod";
import { domainProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { KillChainPhase, list, OpenVocabulary, Text, Timestamp } from "../type/property-types.ts";
import { notBefore } from "../type/rules.ts";

/** §4.8 Systems, services and resources that serve some purpose, an adversary's or a defender's. */
export const StixInfrastructure = z.looseObject({
  ...domainProperties("infrastructure"), // 3.2
  name: Text, // 4.8.1
  description: Text.optional(), // 4.8.1
  infrastructure_types: list(OpenVocabulary).optional(), // 4.8.1, infrastructure-type-ov
  aliases: list(Text).optional(), // 4.8.1
  kill_chain_phases: list(KillChainPhase).optional(), // 4.8.1, 2.11
  first_seen: Timestamp.optional(), // 4.8.1
  last_seen: Timestamp.optional(), // 4.8.1
});
export type StixInfrastructure = z.infer<typeof StixInfrastructure>;

export const infrastructure = defineType({
  type: "infrastructure",
  section: "4.8",
  family: "sdo",
  schema: StixInfrastructure,
  rules: [notBefore("last_seen", "first_seen")], // 4.8.1
});
