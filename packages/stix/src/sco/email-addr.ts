import { z } from "zod";
import { observableProperties } from "../object-properties.ts";
import { defineType } from "../object-type.ts";
import { Text } from "../property-types.ts";
import { refTo } from "../reference-types.ts";

/** §6.5 One e-mail address, without its display name. */
export const StixEmailAddr = z.looseObject({
  ...observableProperties("email-addr"), // 3.2
  value: z.string().regex(/^.+@[^@\s]+$/s, "not an e-mail address"), // 6.5.1
  display_name: Text.optional(), // 6.5.1
  belongs_to_ref: refTo("user-account").optional(), // 6.5.1
});
export type StixEmailAddr = z.infer<typeof StixEmailAddr>;

export const emailAddr = defineType({
  type: "email-addr",
  section: "6.5",
  family: "sco",
  schema: StixEmailAddr,
});
