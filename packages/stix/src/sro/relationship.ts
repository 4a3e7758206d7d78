import { z } from "zod";
import { domainProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { Text, Timestamp } from "../type/property-types.ts";
import { SdoOrScoRef } from "../type/reference-types.ts";
import { after } from "../type/rules.ts";

/** §5.1 A named link from one object to another. */
export const StixRelationship = z.looseObject({
  ...domainProperties("relationship"), // 3.2
  relationship_type: z.string().regex(/^[a-z0-9-]+$/, "must consist of a-z, 0-9 and hyphens"), // 5.1.1
  description: Text.optional(), // 5.1.1
  source_ref: SdoOrScoRef, // 5.1.1
  target_ref: SdoOrScoRef, // 5.1.1
  start_time: Timestamp.optional(), // 5.1.1
  stop_time: Timestamp.optional(), // 5.1.1
});
export type StixRelationship = z.infer<typeof StixRelationship>;

export const relationship = defineType({
  type: "relationship",
  section: "5.1",
  family: "sro",
  schema: StixRelationship,
  rules: [after("stop_time", "start_time")], // 5.1.1
});
