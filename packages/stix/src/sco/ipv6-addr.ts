import { z } from "zod";
import { isIpv6OrCidr } from "../observable/ip-address.ts";
import { observableProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { list } from "../type/property-types.ts";
import { refTo } from "../type/reference-types.ts";

/** §6.9 One IPv6 address, or several in CIDR notation. */
export const StixIpv6Addr = z.looseObject({
  ...observableProperties("ipv6-addr"), // 3.2
  value: z.string().refine(isIpv6OrCidr, "not an IPv6 address or CIDR block"), // 6.9.1
  resolves_to_refs: list(refTo("mac-addr")).optional(), // 6.9.1, deprecated
  belongs_to_refs: list(refTo("autonomous-system")).optional(), // 6.9.1, deprecated
});
export type StixIpv6Addr = z.infer<typeof StixIpv6Addr>;

export const ipv6Addr = defineType({
  type: "ipv6-addr",
  section: "6.9",
  family: "sco",
  schema: StixIpv6Addr,
});
