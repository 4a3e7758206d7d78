import { z } from "zod";
import { extensionDefinitionProperties } from "../type/object-properties.ts";
import { defineType, type Report } from "../type/object-type.ts";
import { ExtensionType, list, Text } from "../type/property-types.ts";

/** §7.3 What an extension adds, and where its schema is. */
export const StixExtensionDefinition = z.looseObject({
  ...extensionDefinitionProperties("extension-definition"), // 3.2
  name: Text, // 7.3.1
  description: Text.optional(), // 7.3.1
  schema: Text, // 7.3.1
  version: Text, // 7.3.1
  extension_types: list(ExtensionType), // 7.3.1, extension-type-enum
  extension_properties: list(z.string().regex(/^[a-z0-9_]{3,250}$/, "not a property name")).optional(), // 7.3.1
});
export type StixExtensionDefinition = z.infer<typeof StixExtensionDefinition>;

export const extensionDefinition = defineType({
  type: "extension-definition",
  section: "7.3",
  family: "meta",
  schema: StixExtensionDefinition,
  refused: ["extensions", "confidence", "lang", "defanged"],
  rules: [propertiesAreTopLevel],
});

/** §7.3.1: only a top-level extension may list properties. */
function propertiesAreTopLevel(object: StixExtensionDefinition, report: Report): void {
  if (object.extension_properties === undefined) return;
  if (object.extension_types.includes("toplevel-property-extension")) return;
  report("/extension_properties", "not-allowed", "belongs to toplevel-property-extension only");
}
