import { z } from "zod";
import { domainProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { list, Text } from "../type/property-types.ts";
import { AnyRef } from "../type/reference-types.ts";

/** opinion-enum */
const Opinion = z.enum(["strongly-disagree", "disagree", "neutral", "agree", "strongly-agree"]);

/** §4.15 How far its producer agrees with other objects. */
export const StixOpinion = z.looseObject({
  ...domainProperties("opinion"), // 3.2
  explanation: Text.optional(), // 4.15.1
  authors: list(Text).optional(), // 4.15.1
  opinion: Opinion, // 4.15.1, opinion-enum
  object_refs: list(AnyRef), // 4.15.1
});
export type StixOpinion = z.infer<typeof StixOpinion>;

export const opinion = defineType({ type: "opinion", section: "4.15", family: "sdo", schema: StixOpinion });
