import { z } from "zod";
import { observableProperties } from "../object-properties.ts";
import { defineType } from "../object-type.ts";

/** §6.15 A URL: absolute, without white space; the rest of RFC 3986 is not enforced on hostile URLs. */
export const StixUrl = z.looseObject({
  ...observableProperties("url"), // 3.2
  value: z.string().regex(/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/, "not an absolute URL"), // 6.15.1
});
export type StixUrl = z.infer<typeof StixUrl>;

export const url = defineType({ type: "url", section: "6.15", family: "sco", schema: StixUrl });
