import { z } from "zod";
import { domainProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { KillChainPhase, list, OpenVocabulary, Text } from "../type/property-types.ts";

/** §4.18 Legitimate software that adversaries use. */
export const StixTool = z.looseObject({
  ...domainProperties("tool"), // 3.2
  name: Text, // 4.18.1
  description: Text.optional(), // 4.18.1
  tool_types: list(OpenVocabulary).optional(), // 4.18.1, tool-type-ov
  aliases: list(Text).optional(), // 4.18.1
  kill_chain_phases: list(KillChainPhase).optional(), // 4.18.1, 2.11
  tool_version: Text.optional(), // 4.18.1
});
export type StixTool = z.infer<typeof StixTool>;

export const tool = defineType({ type: "tool", section: "4.18", family: "sdo", schema: StixTool });
