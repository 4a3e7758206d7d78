import { z } from "zod";
import { observableProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { LanguageTag, list, Text } from "../type/property-types.ts";

/** §6.14 A software product. */
export const StixSoftware = z.looseObject({
  ...observableProperties("software"), // 3.2
  name: Text, // 6.14.1
  cpe: z
    .string()
    .regex(/^cpe:2\.3:[aho*-](?::(?:\\.|[^\\:\s])+){10}$/, "not a CPE 2.3 formatted string")
    .optional(), // 6.14.1
  swid: Text.optional(), // 6.14.1
  languages: list(LanguageTag).optional(), // 6.14.1
  vendor: Text.optional(), // 6.14.1
  version: Text.optional(), // 6.14.1
});
export type StixSoftware = z.infer<typeof StixSoftware>;

export const software = defineType({
  type: "software",
  section: "6.14",
  family: "sco",
  schema: StixSoftware,
});
