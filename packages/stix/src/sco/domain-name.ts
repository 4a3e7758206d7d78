import { z } from "zod";
import { observableProperties } from "../object-properties.ts";
import { defineType } from "../object-type.ts";
import { list } from "../property-types.ts";
import { refTo } from "../reference-types.ts";

/** §6.4 A network domain name. The form of RFC 1034 is checked loosely: underscores are seen in the wild. */
export const StixDomainName = z.looseObject({
  ...observableProperties("domain-name"), // 3.2
  value: z.string().regex(/^[^\s/:@]{1,1000}$/, "not a domain name"), // 6.4.1
  resolves_to_refs: list(refTo("ipv4-addr", "ipv6-addr", "domain-name")).optional(), // 6.4.1, deprecated
});
export type StixDomainName = z.infer<typeof StixDomainName>;

export const domainName = defineType({
  type: "domain-name",
  section: "6.4",
  family: "sco",
  schema: StixDomainName,
});
