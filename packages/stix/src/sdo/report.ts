import { z } from "zod";
import { domainProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { list, OpenVocabulary, Text, Timestamp } from "../type/property-types.ts";
import { AnyRef } from "../type/reference-types.ts";

/** §4.16 Published intelligence on a topic. */
export const StixReport = z.looseObject({
  ...domainProperties("report"), // 3.2
  name: Text, // 4.16.1
  description: Text.optional(), // 4.16.1
  report_types: list(OpenVocabulary).optional(), // 4.16.1, report-type-ov
  published: Timestamp, // 4.16.1
  object_refs: list(AnyRef), // 4.16.1
});
export type StixReport = z.infer<typeof StixReport>;

export const report = defineType({ type: "report", section: "4.16", family: "sdo", schema: StixReport });
