import { z } from "zod";
import { Count, Float, OpenVocabulary, Text, Timestamp } from "../type/property-types.ts";
import { Percentage } from "./sub-objects.ts";

/* §2.3.2 The extensions by which an impact speaks of its category, under the category's name. */

/** §2.3.2.1 */
const Availability = z.looseObject({
  availability_impact: Percentage, // 2.3.2.1, appendix A
});

/** §5.4 incident-confidentiality-loss-enum */
const Loss = z.enum(["confirmed-loss", "contained", "exploited-loss", "none", "suspected-loss"]);

/** What was lost, and how much of it. */
const information = {
  information_type: OpenVocabulary.optional(), // 2.3.2.2, 2.3.2.4, information-type-ov
  record_count: Count.optional(), // 2.3.2.2, 2.3.2.4
  record_size: Count.optional(), // 2.3.2.2, 2.3.2.4
};

/** §2.3.2.2 */
const Confidentiality = z
  .looseObject({ loss_type: Loss, ...information })
  .refine(
    ({ loss_type: loss, information_type: type }) => loss === "none" || type !== undefined,
    needed("information_type"),
  );

/** §2.3.2.3 */
const External = z.looseObject({
  impact_type: OpenVocabulary, // 2.3.2.3, external-impact-ov
});

/** §5.6 integrity-alteration-enum */
const Alteration = z.enum([
  "potential-destruction",
  "potential-modification",
  "partial-destruction",
  "partial-modification",
  "full-destruction",
  "full-modification",
  "none",
]);

/** §2.3.2.4 */
const Integrity = z
  .looseObject({ alteration: Alteration, ...information })
  .refine(
    ({ alteration, information_type: type }) => alteration === "none" || type !== undefined,
    needed("information_type"),
  );

/** §2.3.2.5 */
const Monetary = z
  .looseObject({
    variety: OpenVocabulary, // 2.3.2.5, monetary-impact-type-ov
    conversion_rate: Float.positive().optional(), // 2.3.2.5
    conversion_time: Timestamp.optional(), // 2.3.2.5
    currency: Text.optional(), // 2.3.2.5
    currency_actual: Text.optional(), // 2.3.2.5
    max_amount: Float.min(0).optional(), // 2.3.2.5
    min_amount: Float.min(0).optional(), // 2.3.2.5
  })
  .superRefine((money, context) => {
    for (const [property, needs] of MONEY_NEEDS)
      if (money[property] !== undefined && money[needs] === undefined)
        context.addIssue({ code: "custom", path: [needs], message: `is needed with ${property}` });
  });

/** §2.3.2.5: what cannot stand without what. */
const MONEY_NEEDS = [
  ["conversion_rate", "currency_actual"],
  ["conversion_rate", "conversion_time"],
  ["currency_actual", "conversion_rate"],
  ["currency_actual", "currency"],
  ["min_amount", "currency"],
  ["min_amount", "max_amount"],
  ["max_amount", "min_amount"],
] as const;

/** §5.7 physical-impact-enum */
const Damage = z.enum(["damaged-functional", "damaged-nonfunctional", "destruction", "none", "unknown"]);

/** §2.3.2.6 */
const Physical = z
  .looseObject({
    impact_type: Damage, // 2.3.2.6, physical-impact-enum
    asset_type: OpenVocabulary.optional(), // 2.3.2.6, asset-type-ov
  })
  .refine(
    ({ impact_type: damage, asset_type: type }) => damage === "none" || type !== undefined,
    needed("asset_type"),
  );

/** §5.11 traceability-enum */
const Traceability = z.looseObject({
  traceability_impact: z.enum(["accountability-lost", "partial-accountability", "provable-accountability"]), // 2.3.2.7
});

export const IMPACT_CATEGORIES = {
  availability: Availability,
  confidentiality: Confidentiality,
  external: External,
  integrity: Integrity,
  monetary: Monetary,
  physical: Physical,
  traceability: Traceability,
};

function needed(property: string): { message: string; path: string[] } {
  return { message: "is needed unless nothing was harmed", path: [property] };
}
