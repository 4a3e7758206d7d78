import { z } from "zod";
import { observableProperties } from "../type/object-properties.ts";
import { defineType, type Report } from "../type/object-type.ts";
import { list } from "../type/property-types.ts";
import { refTo } from "../type/reference-types.ts";

/** RFC 5890 §2.3.1, but for underscores, which service names have; beyond ASCII, IDNA's own affair. */
const LABEL =
  /^(?:\*|[A-Za-z0-9_\u0080-\u{10ffff}](?:[A-Za-z0-9_\u0080-\u{10ffff}-]{0,61}[A-Za-z0-9_\u0080-\u{10ffff}])?)$/u;

/** RFC 1034 §3.1: labels of up to 63 characters, the empty one of the root at most at the end. */
function isDomainName(text: string): boolean {
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  return name.length <= 253 && name.split(".").every((label) => LABEL.test(label));
}

/** §6.4 A network domain name. What is said to be defanged has no form of its own. */
export const StixDomainName = z.looseObject({
  ...observableProperties("domain-name"), // 3.2
  value: z.string().regex(/^\S{1,1000}$/, "not a domain name"), // 6.4.1
  resolves_to_refs: list(refTo("ipv4-addr", "ipv6-addr", "domain-name")).optional(), // 6.4.1, deprecated
});
export type StixDomainName = z.infer<typeof StixDomainName>;

export const domainName = defineType({
  type: "domain-name",
  section: "6.4",
  family: "sco",
  schema: StixDomainName,
  rules: [hasItsForm],
});

function hasItsForm(object: StixDomainName, report: Report): void {
  if (object.defanged === true || isDomainName(object.value)) return;
  report("/value", "invalid-format", "not a domain name");
}
