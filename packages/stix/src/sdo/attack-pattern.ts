import { z } from "zod";
import { domainProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { KillChainPhase, list, Text } from "../type/property-types.ts";
import { referenceNamesSource } from "../type/rules.ts";

/** §4.1 A way in which adversaries try to compromise targets. */
export const StixAttackPattern = z.looseObject({
  ...domainProperties("attack-pattern"), // 3.2
  name: Text, // 4.1.1
  description: Text.optional(), // 4.1.1
  aliases: list(Text).optional(), // 4.1.1
  kill_chain_phases: list(KillChainPhase).optional(), // 4.1.1, 2.11
});
export type StixAttackPattern = z.infer<typeof StixAttackPattern>;

export const attackPattern = defineType({
  type: "attack-pattern",
  section: "4.1",
  family: "sdo",
  schema: StixAttackPattern,
  rules: [referenceNamesSource(/^CAPEC-\d+$/, "capec")], // 4.1.1
});
