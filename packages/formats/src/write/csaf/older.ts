import { isJsonRecord, type JsonRecord, textOf } from "../../json-value.ts";
import { type Parts, recordsIn, setList, textsIn } from "./parts.ts";

/** What 2.1 calls otherwise, or has for the first time, in the words of 2.0. What has none is said in a note. */
export function inOlderWords({ document, product_tree, vulnerabilities }: Parts): void {
  document.csaf_version = "2.0";
  const { publisher } = document;
  if (isJsonRecord(publisher) && publisher.category === "multiplier") publisher.category = "other";
  const licence = textOf(document.license_expression);
  if (licence !== undefined) note(document, "legal_disclaimer", "License", licence);
  Reflect.deleteProperty(document, "license_expression");
  for (const one of recordsIn(document, "notes")) withoutProducts(one);
  for (const product of productsOf(product_tree)) oldProduct(product);
  for (const branch of branchesOf(product_tree))
    if (branch.category === "platform") branch.category = "specification";
  for (const vulnerability of vulnerabilities) oldVulnerability(vulnerability);
}

function oldVulnerability(vulnerability: JsonRecord): void {
  for (const list of ["notes", "involvements"]) recordsIn(vulnerability, list).forEach(withoutProducts);
  const [first, ...others] = recordsIn(vulnerability, "cwes");
  if (first !== undefined) vulnerability.cwe = { id: first.id, name: first.name };
  for (const { id, name } of others) note(vulnerability, "details", "Weakness", `${id} ${name}`);
  const disclosed = vulnerability.disclosure_date;
  if (disclosed !== undefined) vulnerability.release_date ??= disclosed;
  for (const one of recordsIn(vulnerability, "first_known_exploitation_dates"))
    note(vulnerability, "details", "First known exploitation", `${one.exploitation_date}, known ${one.date}`);
  oldMetrics(vulnerability);
  oldRemediations(vulnerability);
  const status = vulnerability.product_status;
  if (isJsonRecord(status)) Reflect.deleteProperty(status, "unknown");
  for (const name of ["cwes", "metrics", "disclosure_date", "first_known_exploitation_dates"])
    Reflect.deleteProperty(vulnerability, name);
}

/** `scores` (3.2.3.13) know CVSS 2 and 3 alone. */
function oldMetrics(vulnerability: JsonRecord): void {
  const scores = recordsIn(vulnerability, "scores");
  for (const { products, content } of recordsIn(vulnerability, "metrics")) {
    if (!isJsonRecord(content)) continue;
    const { cvss_v2, cvss_v3, ...rest } = content;
    const known = { ...(cvss_v2 !== undefined && { cvss_v2 }), ...(cvss_v3 !== undefined && { cvss_v3 }) };
    if (Object.keys(known).length > 0) scores.push({ products, ...known });
    if (Object.keys(rest).length > 0)
      note(vulnerability, "details", "Metrics", JSON.stringify({ products, ...rest }));
  }
  setList(vulnerability, "scores", scores);
}

const CATEGORIES: ReadonlyMap<unknown, string> = new Map([
  ["fix_planned", "none_available"],
  ["optional_patch", "vendor_fix"],
]);

function oldRemediations(vulnerability: JsonRecord): void {
  for (const remediation of recordsIn(vulnerability, "remediations")) {
    const category = CATEGORIES.get(remediation.category);
    if (category === undefined) continue;
    remediation.details = `${remediation.category}: ${remediation.details}`;
    remediation.category = category;
  }
}

const PURL_SPECIFICATION = "https://github.com/package-url/purl-spec";

/** One purl identifies a product; what others there are, by the way that is for anything (3.1.3.3.8). */
function oldProduct(product: JsonRecord): void {
  const helper = product.product_identification_helper;
  if (!isJsonRecord(helper)) return;
  const [first, ...others] = textsIn(helper, "purls");
  Reflect.deleteProperty(helper, "purls");
  if (first === undefined) return;
  helper.purl ??= first;
  const uris = others.map((uri) => ({ namespace: PURL_SPECIFICATION, uri }));
  setList(helper, "x_generic_uris", [...recordsIn(helper, "x_generic_uris"), ...uris]);
}

function withoutProducts(record: JsonRecord): void {
  for (const name of ["group_ids", "product_ids"]) Reflect.deleteProperty(record, name);
}

function note(record: JsonRecord, category: string, title: string, text: string): void {
  setList(record, "notes", [...recordsIn(record, "notes"), { category, title, text }]);
}

/** Every branch, however deep. */
export function branchesOf(tree: JsonRecord): JsonRecord[] {
  const all: JsonRecord[] = [];
  const open = [...recordsIn(tree, "branches")];
  for (let branch = open.pop(); branch !== undefined; branch = open.pop()) {
    all.push(branch);
    open.push(...recordsIn(branch, "branches"));
  }
  return all;
}

/** Every product that a tree defines (3.1.3). */
export function productsOf(tree: JsonRecord): JsonRecord[] {
  const held = [
    ...branchesOf(tree).map(({ product }) => product),
    ...recordsIn(tree, "full_product_names"),
    ...recordsIn(tree, "relationships").map(({ full_product_name }) => full_product_name),
  ];
  return held.filter(isJsonRecord);
}
