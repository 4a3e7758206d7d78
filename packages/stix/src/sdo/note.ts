import { z } from "zod";
import { domainProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { list, Text } from "../type/property-types.ts";
import { AnyRef } from "../type/reference-types.ts";

/** §4.13 Text that adds context to other objects. */
export const StixNote = z.looseObject({
  ...domainProperties("note"), // 3.2
  abstract: Text.optional(), // 4.13.1
  content: Text, // 4.13.1
  authors: list(Text).optional(), // 4.13.1
  object_refs: list(AnyRef), // 4.13.1
});
export type StixNote = z.infer<typeof StixNote>;

export const note = defineType({ type: "note", section: "4.13", family: "sdo", schema: StixNote });
