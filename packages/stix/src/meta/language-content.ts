import { z } from "zod";
import { languageContentProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { dictionary, hasKeys, LanguageTag, MillisecondTimestamp } from "../type/property-types.ts";
import { AnyRef } from "../type/reference-types.ts";

/** What mirrors the object's properties; an empty text in a list is one without a translation. */
const Translations = dictionary(z.unknown());

/** §7.1 Translations of another object's text; `object_modified` pins the exact version. */
export const StixLanguageContent = z.looseObject({
  ...languageContentProperties("language-content"), // 3.2
  object_ref: AnyRef, // 7.1.1
  object_modified: MillisecondTimestamp.optional(), // 7.1.1
  contents: z.record(LanguageTag, Translations).refine(hasKeys, "a dictionary must not be empty"), // 7.1.1
});
export type StixLanguageContent = z.infer<typeof StixLanguageContent>;

export const languageContent = defineType({
  type: "language-content",
  section: "7.1",
  family: "meta",
  schema: StixLanguageContent,
  refused: ["lang", "defanged"],
});
