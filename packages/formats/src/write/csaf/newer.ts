import { isJsonRecord, type JsonRecord } from "../../json-value.ts";
import { productsOf } from "./older.ts";
import { type Parts, recordsIn, setList, textsIn } from "./parts.ts";

/** Names of weaknesses are those of a version of CWE, which 2.0 does not tell: that of its own time. */
const CWE_VERSION = "4.13";

/** What 2.0 calls otherwise, in the words of 2.1. */
export function inNewerWords({ document, product_tree, vulnerabilities }: Parts): void {
  document.csaf_version = "2.1";
  for (const { product_identification_helper: helper } of productsOf(product_tree)) {
    if (!isJsonRecord(helper) || typeof helper.purl !== "string") continue;
    setList(helper, "purls", [...new Set([helper.purl, ...textsIn(helper, "purls")])]);
    Reflect.deleteProperty(helper, "purl");
  }
  for (const vulnerability of vulnerabilities) newVulnerability(vulnerability);
}

function newVulnerability(vulnerability: JsonRecord): void {
  const { cwe, release_date: released } = vulnerability;
  const weaknesses = isJsonRecord(cwe) ? [cwe] : [];
  const all = [...weaknesses, ...recordsIn(vulnerability, "cwes")];
  setList(
    vulnerability,
    "cwes",
    all.map((one) => ({ version: CWE_VERSION, ...one })),
  );
  if (released !== undefined) vulnerability.disclosure_date ??= released;
  const metrics = recordsIn(vulnerability, "scores").map(({ products, ...content }) => ({
    products,
    content,
  }));
  setList(vulnerability, "metrics", [...recordsIn(vulnerability, "metrics"), ...metrics]);
  for (const name of ["cwe", "release_date", "scores"]) Reflect.deleteProperty(vulnerability, name);
}
