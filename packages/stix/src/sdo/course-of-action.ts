import { z } from "zod";
import { domainProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { Text } from "../type/property-types.ts";

/** §4.3 What to do against a threat. Its `action` is reserved (§3.8) and refused as such. */
export const StixCourseOfAction = z.looseObject({
  ...domainProperties("course-of-action"), // 3.2
  name: Text, // 4.3.1
  description: Text.optional(), // 4.3.1
});
export type StixCourseOfAction = z.infer<typeof StixCourseOfAction>;

export const courseOfAction = defineType({
  type: "course-of-action",
  section: "4.3",
  family: "sdo",
  schema: StixCourseOfAction,
});
