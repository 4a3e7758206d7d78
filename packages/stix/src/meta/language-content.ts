import { z } from "zod";
import { languageContentProperties } from "../object-properties.ts";
import { defineType } from "../object-type.ts";
import { dictionary, MillisecondTimestamp } from "../property-types.ts";
import { AnyRef } from "../reference-types.ts";

/** §7.1 Translations of another object's text; `object_modified` pins the exact version. */
export const StixLanguageContent = z.looseObject({
  ...languageContentProperties("language-content"), // 3.2
  object_ref: AnyRef, // 7.1.1
  object_modified: MillisecondTimestamp.optional(), // 7.1.1
  contents: dictionary(z.record(z.string(), z.unknown())), // 7.1.1
});
export type StixLanguageContent = z.infer<typeof StixLanguageContent>;

export const languageContent = defineType({
  type: "language-content",
  section: "7.1",
  family: "meta",
  schema: StixLanguageContent,
  refused: ["lang", "defanged"],
});
