import { z } from "zod";
import { FileExtensions } from "../extension/file-extensions.ts";
import { observableProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { Count, Encoding, Hashes, Hex, list, Text, Timestamp } from "../type/property-types.ts";
import { refTo, ScoRef } from "../type/reference-types.ts";
import { atLeastOne, needs } from "../type/rules.ts";

/** §6.7 A file, by name or by hash. */
export const StixFile = z.looseObject({
  ...observableProperties("file"), // 3.2
  extensions: FileExtensions, // 6.7.1
  hashes: Hashes.optional(), // 6.7.1, 2.7
  size: Count.optional(), // 6.7.1
  name: Text.optional(), // 6.7.1
  name_enc: Encoding.optional(), // 6.7.1
  magic_number_hex: Hex.optional(), // 6.7.1, 2.8
  mime_type: Text.optional(), // 6.7.1
  ctime: Timestamp.optional(), // 6.7.1
  mtime: Timestamp.optional(), // 6.7.1
  atime: Timestamp.optional(), // 6.7.1
  parent_directory_ref: refTo("directory").optional(), // 6.7.1
  contains_refs: list(ScoRef).optional(), // 6.7.1
  content_ref: refTo("artifact").optional(), // 6.7.1
});
export type StixFile = z.infer<typeof StixFile>;

export const file = defineType({
  type: "file",
  section: "6.7",
  family: "sco",
  schema: StixFile,
  rules: [atLeastOne("hashes", "name"), needs("name_enc", "name")], // 6.7.1, 3.1
});
