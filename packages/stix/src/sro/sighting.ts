import { z } from "zod";
import { domainProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { Flag, Integer, list, Text, Timestamp } from "../type/property-types.ts";
import { refTo, SdoRef } from "../type/reference-types.ts";
import { notBefore } from "../type/rules.ts";

/** §5.2 The belief that something was seen. */
export const StixSighting = z.looseObject({
  ...domainProperties("sighting"), // 3.2
  description: Text.optional(), // 5.2.1
  first_seen: Timestamp.optional(), // 5.2.1
  last_seen: Timestamp.optional(), // 5.2.1
  count: Integer.min(0).max(999_999_999).optional(), // 5.2.1
  sighting_of_ref: SdoRef, // 5.2.1
  observed_data_refs: list(refTo("observed-data")).optional(), // 5.2.1
  where_sighted_refs: list(refTo("identity", "location")).optional(), // 5.2.1
  summary: Flag.optional(), // 5.2.1
});
export type StixSighting = z.infer<typeof StixSighting>;

export const sighting = defineType({
  type: "sighting",
  section: "5.2",
  family: "sro",
  schema: StixSighting,
  rules: [notBefore("last_seen", "first_seen")], // 5.2.1
});
