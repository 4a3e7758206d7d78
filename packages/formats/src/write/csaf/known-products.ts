import { isJsonRecord, type JsonRecord } from "../../json-value.ts";
import { branchesOf, productsOf } from "./older.ts";
import { recordsIn, setList, textsIn } from "./parts.ts";

type Known = { products: ReadonlySet<string>; groups: ReadonlyMap<string, readonly string[]> };

/**
 * Whoever may not see a part of an advisory gets the rest, and that names nothing that is missing (6.1.1): products
 * and groups that the tree does not define are named nowhere.
 */
export function nameKnownProducts(tree: JsonRecord, vulnerabilities: readonly JsonRecord[]): void {
  pruneBranches(tree);
  pruneRelationships(tree);
  const products = definedIn(tree);
  const groups = new Map(
    recordsIn(tree, "product_groups").map((group) => [
      String(group.group_id),
      [...new Set(textsIn(group, "product_ids"))].filter((id) => products.has(id)),
    ]),
  );
  const known = { products, groups };
  // A group has two products at least (3.2.2.3): one of one is named by that.
  const whole = recordsIn(tree, "product_groups").filter((group) => {
    setList(group, "product_ids", groups.get(String(group.group_id)) ?? []);
    return textsIn(group, "product_ids").length >= 2;
  });
  setList(tree, "product_groups", whole);
  for (const vulnerability of vulnerabilities) pruneVulnerability(vulnerability, known);
}

function definedIn(tree: JsonRecord): Set<string> {
  return new Set(productsOf(tree).map(({ product_id }) => String(product_id)));
}

/** A branch has a product or branches (3.1.2); from the deepest on. */
function pruneBranches(tree: JsonRecord): void {
  const isWhole = (branch: JsonRecord): boolean =>
    isJsonRecord(branch.product) || recordsIn(branch, "branches").length > 0;
  for (const branch of branchesOf(tree).reverse()) {
    setList(branch, "branches", recordsIn(branch, "branches").filter(isWhole));
    if (isJsonRecord(branch.product)) Reflect.deleteProperty(branch, "branches");
  }
  setList(tree, "branches", recordsIn(tree, "branches").filter(isWhole));
}

/** What one defines another may be about: until all are about what there is. */
function pruneRelationships(tree: JsonRecord): void {
  for (;;) {
    const products = definedIn(tree);
    const all = recordsIn(tree, "relationships");
    const left = all.filter(
      ({ product_reference: of, relates_to_product_reference: to }) =>
        products.has(String(of)) && products.has(String(to)),
    );
    setList(tree, "relationships", left);
    if (left.length === all.length) return;
  }
}

/** What is about products has to say about which (6.1.29, 6.1.32, 3.2.3.13). */
const ABOUT_SOME = new Set(["remediations", "flags", "scores", "metrics"]);

function pruneVulnerability(vulnerability: JsonRecord, known: Known): void {
  pruneStatus(vulnerability, known);
  for (const name of Object.keys(vulnerability)) {
    const left = recordsIn(vulnerability, name).filter((one) => {
      pruneNames(one, known);
      const isAboutSome = ["product_ids", "group_ids", "products"].some((ids) => one[ids] !== undefined);
      return isAboutSome || !ABOUT_SOME.has(name);
    });
    if (Array.isArray(vulnerability[name])) setList(vulnerability, name, left);
  }
}

function pruneNames(record: JsonRecord, { products, groups }: Known): void {
  const named = textsIn(record, "group_ids");
  const ofOne = named
    .filter((group) => groups.get(group)?.length === 1)
    .flatMap((group) => groups.get(group) ?? []);
  const ids = [...textsIn(record, "product_ids").filter((id) => products.has(id)), ...ofOne];
  setList(record, "product_ids", [...new Set(ids)]);
  setList(
    record,
    "group_ids",
    [...new Set(named)].filter((group) => (groups.get(group)?.length ?? 0) >= 2),
  );
  setList(
    record,
    "products",
    [...new Set(textsIn(record, "products"))].filter((id) => products.has(id)),
  );
}

/** Statuses that contradict each other (6.1.6), the worst first. */
const CONTRARY = [
  ["known_affected", "first_affected", "last_affected"],
  ["under_investigation"],
  ["fixed", "first_fixed"],
  ["known_not_affected"],
  ["unknown"],
];

/** A product is in one of the contrary statuses: where several say otherwise, in the worst. */
function pruneStatus(vulnerability: JsonRecord, { products }: Known): void {
  const { product_status: status } = vulnerability;
  if (!isJsonRecord(status)) return;
  const worse = new Set<string>();
  for (const names of CONTRARY) {
    const lists = names.map((name) =>
      [...new Set(textsIn(status, name))].filter((id) => products.has(id) && !worse.has(id)),
    );
    for (const [at, name] of names.entries()) setList(status, name, lists[at] ?? []);
    for (const id of lists.flat()) worse.add(id);
  }
  setList(
    status,
    "recommended",
    [...new Set(textsIn(status, "recommended"))].filter((id) => products.has(id)),
  );
  if (Object.keys(status).length === 0) Reflect.deleteProperty(vulnerability, "product_status");
}
