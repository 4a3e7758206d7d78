import type { Fields } from "../fields.ts";
import type { ReportReading } from "../report-reading.ts";
import type { Products } from "./product-tree.ts";

/**
 * What a status of a product (CSAF 3.2.3.9) is as a relationship of the software to the vulnerability. Those that are
 * affected have it, as STIX says of infrastructure (§4.9); the others bear the status's own name.
 */
const STATUSES: Readonly<Record<string, { type: string; description?: string }>> = {
  known_affected: { type: "has" },
  first_affected: { type: "has", description: "First affected version" },
  last_affected: { type: "has", description: "Last affected version" },
  known_not_affected: { type: "not-affected-by" },
  fixed: { type: "fixes" },
  first_fixed: { type: "fixes", description: "First fixed version" },
  recommended: { type: "recommended-against" },
  under_investigation: { type: "under-investigation-for" },
  unknown: { type: "unknown-status-for" },
};

/** The same the other way round: which list a relationship of a software to a vulnerability is. */
export const STATUS_RELATIONS: ReadonlyMap<string, string> = new Map(
  Object.entries(STATUSES)
    .filter(([, { description }]) => description === undefined)
    .map(([name, { type }]) => [type, name]),
);

/** A vendor may list thousands of products for each of hundreds of vulnerabilities. */
const MOST_PRODUCTS = 2_000;

export function relateStatuses(
  fields: Fields,
  target: string,
  products: Products,
  reading: ReportReading,
): void {
  const status = fields.inner("product_status");
  for (const [name, relation] of Object.entries(STATUSES)) {
    const ids = status.texts(name);
    for (const [position, id] of ids.slice(0, MOST_PRODUCTS).entries()) {
      const source = products.softwareOf(id);
      const at = `${status.at}/${name}/${position}`;
      if (source === undefined) status.lose(`${name}/${position}`, `No product of the tree: ${id}`);
      else reading.relate(reading.record(at), { ...relation, source, target });
    }
    if (ids.length > MOST_PRODUCTS)
      status.lose(name, `Only the first ${MOST_PRODUCTS} of ${ids.length} products were taken`);
  }
  status.rest("No status of products (CSAF 3.2.3.9)");
}
