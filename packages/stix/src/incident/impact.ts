import { z } from "zod";
import { extensionsOf } from "../extension/extensions-of.ts";
import { domainProperties } from "../type/object-properties.ts";
import { defineType, type Report } from "../type/object-type.ts";
import { list, Text, Timestamp } from "../type/property-types.ts";
import { SdoOrScoRef } from "../type/reference-types.ts";
import { needs, notBefore } from "../type/rules.ts";
import { IMPACT_CATEGORIES } from "./impact-categories.ts";
import { EntityCounts, Fidelity, ImpactRef, Percentage, Recoverability } from "./sub-objects.ts";

/** §2.3 What an incident did to somebody or something; one of its extensions says it in the category's terms. */
export const StixImpact = z.looseObject({
  ...domainProperties("impact"), // 2.3
  extensions: extensionsOf(IMPACT_CATEGORIES), // 2.3.2
  impact_category: Text, // 2.3
  criticality: Percentage.optional(), // 2.3, appendix B
  description: Text.optional(), // 2.3
  end_time: Timestamp.optional(), // 2.3
  end_time_fidelity: Fidelity.optional(), // 2.3, timestamp-fidelity-enum
  impacted_entity_counts: EntityCounts.optional(), // 2.3, 3.1
  impacted_refs: list(SdoOrScoRef).optional(), // 2.3
  recoverability: Recoverability.optional(), // 2.3, recoverability-enum
  start_time: Timestamp.optional(), // 2.3
  start_time_fidelity: Fidelity.optional(), // 2.3, timestamp-fidelity-enum
  superseded_by_ref: ImpactRef.optional(), // 2.3
});
export type StixImpact = z.infer<typeof StixImpact>;

export const impact = defineType({
  type: "impact",
  section: "incident-core 2.3",
  family: "sdo",
  schema: StixImpact,
  rules: [notBefore("end_time", "start_time"), needs("superseded_by_ref", "end_time"), categoryIsTold], // 2.3
});

/** §2.3.2: the category is the name of one of the object's extensions. */
function categoryIsTold({ impact_category: category, extensions = {} }: StixImpact, report: Report): void {
  if (Object.hasOwn(extensions, category)) return;
  report("/impact_category", "missing-property", `needs an extension ${category.slice(0, 40)}`);
}
