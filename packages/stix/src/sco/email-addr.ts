import { z } from "zod";
import { observableProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { Text } from "../type/property-types.ts";
import { refTo } from "../type/reference-types.ts";

/** RFC 5322 §3.4.1 and RFC 6531, but for dots: addresses with two in a row are in use. */
const ATOM = String.raw`[^\s\x00-\x1f\x7f()<>[\]:;@\\,"]+`;
const ADDR_SPEC = new RegExp(
  String.raw`^(?:${ATOM}|"(?:[^"\\\r\n]|\\.)*")@(?:${ATOM}|\[[^\s[\]\\]+\])$`,
  "u",
);

/** §6.5 One e-mail address, without its display name. */
export const StixEmailAddr = z.looseObject({
  ...observableProperties("email-addr"), // 3.2
  value: z.string().regex(ADDR_SPEC, "not an e-mail address"), // 6.5.1
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
