import { z } from "zod";
import { domainProperties } from "../object-properties.ts";
import { defineType } from "../object-type.ts";
import { Text } from "../property-types.ts";

/** §4.6 A stub in the specification; what extensions add to it survives untouched. */
export const StixIncident = z.looseObject({
  ...domainProperties("incident"), // 3.2
  name: Text, // 4.6.1
  description: Text.optional(), // 4.6.1
});
export type StixIncident = z.infer<typeof StixIncident>;

export const incident = defineType({
  type: "incident",
  section: "4.6",
  family: "sdo",
  schema: StixIncident,
});
