import { z } from "zod";
import { isIpv4OrCidr } from "../observable/ip-address.ts";
import { observableProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { list } from "../type/property-types.ts";
import { refTo } from "../type/reference-types.ts";

/** §6.8 One IPv4 address, or several in CIDR notation. */
export const StixIpv4Addr = z.looseObject({
  ...observableProperties("ipv4-addr"), // 3.2
  value: z.string().refine(isIpv4OrCidr, "not an IPv4 address or CIDR block"), // 6.8.1
  resolves_to_refs: list(refTo("mac-addr")).optional(), // 6.8.1, deprecated
  belongs_to_refs: list(refTo("autonomous-system")).optional(), // 6.8.1, deprecated
});
export type StixIpv4Addr = z.infer<typeof StixIpv4Addr>;

export const ipv4Addr = defineType({
  type: "ipv4-addr",
  section: "6.8",
  family: "sco",
  schema: StixIpv4Addr,
});
