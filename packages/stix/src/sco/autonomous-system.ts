import { z } from "zod";
import { observableProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { Integer, Text } from "../type/property-types.ts";

/** §6.2 An autonomous system by its number. */
export const StixAutonomousSystem = z.looseObject({
  ...observableProperties("autonomous-system"), // 3.2
  number: Integer, // 6.2.1
  name: Text.optional(), // 6.2.1
  rir: Text.optional(), // 6.2.1
});
export type StixAutonomousSystem = z.infer<typeof StixAutonomousSystem>;

export const autonomousSystem = defineType({
  type: "autonomous-system",
  section: "6.2",
  family: "sco",
  schema: StixAutonomousSystem,
});
