import { z } from "zod";
import { observableProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { Text } from "../type/property-types.ts";

/** §6.11 A mutual exclusion object. */
export const StixMutex = z.looseObject({
  ...observableProperties("mutex"), // 3.2
  name: Text, // 6.11.1
});
export type StixMutex = z.infer<typeof StixMutex>;

export const mutex = defineType({ type: "mutex", section: "6.11", family: "sco", schema: StixMutex });
