import { z } from "zod";
import { observableProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { Url } from "../type/property-types.ts";

/** §6.15 A uniform resource locator. */
export const StixUrl = z.looseObject({
  ...observableProperties("url"), // 3.2
  value: Url, // 6.15.1
});
export type StixUrl = z.infer<typeof StixUrl>;

export const url = defineType({ type: "url", section: "6.15", family: "sco", schema: StixUrl });
