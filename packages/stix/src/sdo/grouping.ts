import { z } from "zod";
import { domainProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { list, OpenVocabulary, Text } from "../type/property-types.ts";
import { AnyRef } from "../type/reference-types.ts";

/** §4.4 Objects that share a context, without being a published report. */
export const StixGrouping = z.looseObject({
  ...domainProperties("grouping"), // 3.2
  name: Text.optional(), // 4.4.1
  description: Text.optional(), // 4.4.1
  context: OpenVocabulary, // 4.4.1, grouping-context-ov
  object_refs: list(AnyRef), // 4.4.1
});
export type StixGrouping = z.infer<typeof StixGrouping>;

export const grouping = defineType({
  type: "grouping",
  section: "4.4",
  family: "sdo",
  schema: StixGrouping,
});
