import { cpe23Of, suarId } from "@suar/stix";
import { drop } from "../drop.ts";
import type { Fields } from "../fields.ts";
import type { Place, ReportReading } from "../report-reading.ts";

/** What STIX's software has no place for (§6.14): purl, hashes, serial and model numbers, and the like. */
const PRODUCT_EXTENSION: string = suarId("extension-definition", "software-product", "1");

/** The software of a product, and all products of a group, by the names that the advisory gives them. */
export type Products = {
  softwareOf(id: string): string | undefined;
  /** As people know it. */
  nameOf(id: string): string;
  idsOf(group: string): readonly string[];
};

/** What the branches above a product say of it (CSAF 3.1.2). */
type Path = Readonly<Record<string, string>>;

/** `product_tree` (CSAF 3.2.2): every product that is named becomes software. */
export function readProducts(advisory: Fields, reading: ReportReading): Products {
  const software = new Map<string, string>();
  const names = new Map<string, string>();
  const groups = new Map<string, string[]>();
  const tree = advisory.inner("product_tree");
  const draft = (product: Fields, path: Path): void => {
    const id = product.text("product_id");
    const local = draftProduct(product, path, reading);
    if (id === undefined || local === undefined) return;
    software.set(id, local);
    names.set(id, product.text("name") ?? id);
  };
  for (const branch of tree.each("branches")) readBranch(branch, {}, draft);
  for (const product of tree.each("full_product_names")) draft(product, {});
  // One may be about a product that another defines behind it.
  const relationships = [...tree.each("relationships")];
  for (const relationship of relationships) draft(relationship.inner("full_product_name"), {});
  for (const relationship of relationships) relateProducts(relationship, software, reading);
  for (const group of tree.each("product_groups")) {
    groups.set(group.text("group_id") ?? "", [...new Set(group.texts("product_ids"))]);
    group.raw("summary");
    group.rest("No field of a group (CSAF 3.2.2.3)");
  }
  tree.rest("No field of a product tree (CSAF 3.2.2)");
  return {
    softwareOf: (id) => software.get(id),
    nameOf: (id) => names.get(id) ?? id,
    idsOf: (group) => groups.get(group) ?? [],
  };
}

/** As deep as the JSON may be nested, which is bounded. */
function readBranch(branch: Fields, above: Path, draft: (product: Fields, path: Path) => void): void {
  const category = branch.text("category") ?? "product_name";
  const name = branch.text("name");
  const path = name === undefined ? above : { ...above, [category]: name };
  if (branch.has("product")) draft(branch.inner("product"), path);
  for (const inner of branch.has("branches") ? branch.each("branches") : []) readBranch(inner, path, draft);
  branch.rest("No field of a branch (CSAF 3.1.2)");
}

const SAID_BY_SOFTWARE = new Set(["vendor", "product_name", "product_version", "product_version_range"]);

const NAMED_BY_PATH = new Set([
  "architecture",
  "product_family",
  "host_name",
  "language",
  "patch_level",
  "platform",
  "service_pack",
  "specification",
  "legacy",
]);

function draftProduct(product: Fields, path: Path, reading: ReportReading): string | undefined {
  const id = product.text("product_id");
  const full_name = product.text("name");
  const name = path.product_name ?? full_name ?? id;
  const helper = product.inner("product_identification_helper");
  const cpe = readCpe(helper);
  const more = drop({ product_id: id, full_name, ...moreOf(helper), ...aspectsOf(path) });
  helper.rest("No way to identify a product (CSAF 3.1.3.3)");
  product.rest("No field of a product (CSAF 3.1.3)");
  if (name === undefined) return undefined;
  const place = reading.record(product.at);
  return reading.object(place, `product/${id ?? name}`, {
    type: "software",
    ...drop({ name, cpe, vendor: path.vendor, version: path.product_version ?? path.product_version_range }),
    extensions: { [PRODUCT_EXTENSION]: { extension_type: "property-extension", ...more } },
  });
}

/** Branches that are neither vendor nor version: architecture, patch level, and the like. */
function aspectsOf(path: Path): Record<string, string> {
  const aspects = Object.entries(path).filter(([category]) => !SAID_BY_SOFTWARE.has(category));
  const known = aspects.filter(([category]) => NAMED_BY_PATH.has(category));
  const others = aspects.filter(([category]) => !NAMED_BY_PATH.has(category)).map(([, name]) => name);
  return { ...Object.fromEntries(known), ...(others.length > 0 && { branches: others.join(" / ") }) };
}

function readCpe(helper: Fields): string | undefined {
  const text = helper.text("cpe");
  const cpe = text === undefined ? undefined : cpe23Of(text);
  if (text !== undefined && cpe === undefined) helper.lose("cpe", `No CPE name: ${text.slice(0, 80)}`);
  return cpe;
}

/** CSAF 2.0 has one `purl`, 2.1 a list of `purls`. */
function moreOf(helper: Fields): Record<string, unknown> {
  const purls = [...helper.texts("purl"), ...helper.texts("purls")];
  const lists = ["model_numbers", "serial_numbers", "skus", "sbom_urls"].map(
    (name) => [name, helper.texts(name)] as const,
  );
  const hashes = [...helper.each("hashes")].flatMap((hash) => {
    const filename = hash.text("filename");
    const digests = [...hash.each("file_hashes")].flatMap((digest) => {
      const [algorithm, value] = [digest.text("algorithm"), digest.text("value")];
      return algorithm === undefined || value === undefined ? [] : [{ algorithm, value }];
    });
    hash.rest("No field of a hash (CSAF 3.1.3.3.2)");
    return digests.map((digest) => drop({ filename, ...digest }));
  });
  const uris = [...helper.each("x_generic_uris")].map((uri) =>
    drop({ namespace: uri.text("namespace"), uri: uri.text("uri") }),
  );
  const filled = [...lists, ["purls", purls], ["hashes", hashes], ["uris", uris]] as const;
  return Object.fromEntries(filled.filter(([, list]) => list.length > 0));
}

/** §3.1.2 of CSAF writes `installed_on`; STIX relationship types have hyphens. */
function relateProducts(
  relationship: Fields,
  software: ReadonlyMap<string, string>,
  reading: ReportReading,
): void {
  const category = relationship.text("category") ?? "";
  const source = software.get(relationship.text("product_reference") ?? "");
  const target = software.get(relationship.text("relates_to_product_reference") ?? "");
  relationship.rest("No field of a relationship (CSAF 3.2.2.4)");
  if (source === undefined || target === undefined)
    relationship.lose("category", "One of its products is not in the tree");
  else if (source === target) relationship.lose("category", "Both its products are one");
  else {
    const place: Place = reading.record(relationship.at);
    const type = /^[a-z0-9_]+$/.test(category) ? category.replaceAll("_", "-") : "related-to";
    reading.relate(place, { type, source, target });
  }
}
