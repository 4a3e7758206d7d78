import type { ExternalReference } from "../draft.ts";
import type { Fields } from "../fields.ts";
import type { Products } from "./product-tree.ts";
import { productsIn } from "./products-in.ts";

const CVSS = ["cvss_v2", "cvss_v3", "cvss_v4"] as const;

/**
 * How bad it is for which products: `scores` of CSAF 2.0 (3.2.3.13), `metrics` of 2.1. A vulnerability of STIX has no
 * score (§4.19); a vector is named as an external reference, whose id it is.
 */
export function scoresOf(fields: Fields, products: Products): ExternalReference[] {
  const found: ExternalReference[] = [];
  for (const score of fields.has("scores") ? fields.each("scores") : []) {
    found.push(...vectorsOf(score, forWhich(score, products)));
    score.rest("No score that is known (CSAF 3.2.3.13)");
  }
  for (const metric of fields.has("metrics") ? fields.each("metrics") : []) {
    const content = metric.inner("content");
    const source = metric.text("source");
    const which = [forWhich(metric, products), source]
      .filter((part) => part !== undefined && part !== "")
      .join("; ");
    found.push(...vectorsOf(content, which), ...otherMetricsOf(content, which));
    content.rest("No metric that is known");
    metric.rest("No field of a metric");
  }
  return found;
}

function forWhich(score: Fields, products: Products): string {
  const names = productsIn(score, products, { ids: "products" });
  return names.length === 0 ? "" : `for: ${names.join("; ")}`;
}

function vectorsOf(fields: Fields, which: string): ExternalReference[] {
  return CVSS.flatMap((name) => {
    if (!fields.has(name)) return [];
    const cvss = fields.inner(name);
    const vector = cvss.text("vectorString");
    const version = cvss.text("version") ?? name.slice(-1);
    const [score, severity] = [cvss.text("baseScore"), cvss.text("baseSeverity")];
    // The vector says all other fields of it (CVSS 3.1 §6).
    if (vector === undefined) cvss.lose("vectorString", "A score without its vector is not carried");
    const description = [score, severity, which]
      .filter((part) => part !== undefined && part !== "")
      .join(" ");
    return vector === undefined
      ? []
      : [{ source_name: `cvss-v${version}`, external_id: vector, description }];
  });
}

/** EPSS, SSVC and a rating in words. */
function otherMetricsOf(content: Fields, which: string): ExternalReference[] {
  const found: ExternalReference[] = [];
  const rating = content.text("qualitative_severity_rating");
  if (rating !== undefined) found.push({ source_name: "severity", external_id: rating, description: which });
  for (const name of ["epss", "ssvc_v1", "ssvc_v2"]) {
    if (!content.has(name)) continue;
    const written = JSON.stringify(content.raw(name));
    if (written.length > 2_000) content.lose(name, "Too long to be carried");
    else found.push({ source_name: name.replace("_", "-"), external_id: written, description: which });
  }
  return found.map(({ description, ...rest }) => (description === "" ? rest : { ...rest, description }));
}
