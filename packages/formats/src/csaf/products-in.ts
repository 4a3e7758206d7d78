import type { Fields } from "../fields.ts";
import type { Products } from "./product-tree.ts";

/** Of more products than these, or longer, only the number is told: one group may be named by every line of a document. */
const MOST_NAMES = 50;
const LONGEST_NAME = 200;
const LONGEST_LIST = 4_000;

/** The products that something is about by their names, those of its groups among them; what is left out is told. */
export function productsIn(
  fields: Fields,
  products: Products,
  from: { ids: string; groups?: string } = { ids: "product_ids", groups: "group_ids" },
): string[] {
  const groups = from.groups === undefined ? [] : [...new Set(fields.texts(from.groups))];
  const lists = [fields.texts(from.ids), ...groups.map((group) => products.idsOf(group))];
  const names = new Map<string, string>();
  let length = 0;
  for (const id of idsOf(lists)) {
    if (names.has(id)) continue;
    const name = shortened(products.nameOf(id));
    if (names.size >= MOST_NAMES || length + name.length > LONGEST_LIST) {
      const all = lists.reduce((sum, list) => sum + list.length, 0);
      fields.lose(from.ids, `Only the first ${names.size} of ${all} products are named`);
      return [...names.values(), `and others, ${all} in all`];
    }
    names.set(id, name);
    length += name.length;
  }
  return [...names.values()];
}

function* idsOf(lists: readonly (readonly string[])[]): Generator<string> {
  for (const list of lists) yield* list;
}

function shortened(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1).toWellFormed()}…` : name;
}
