import { z } from "zod";
import { observableProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { Encoding, list, Text, Timestamp } from "../type/property-types.ts";
import { refTo } from "../type/reference-types.ts";

/** §6.3 A directory of a file system. */
export const StixDirectory = z.looseObject({
  ...observableProperties("directory"), // 3.2
  path: Text, // 6.3.1
  path_enc: Encoding.optional(), // 6.3.1
  ctime: Timestamp.optional(), // 6.3.1
  mtime: Timestamp.optional(), // 6.3.1
  atime: Timestamp.optional(), // 6.3.1
  contains_refs: list(refTo("file", "directory")).optional(), // 6.3.1
});
export type StixDirectory = z.infer<typeof StixDirectory>;

export const directory = defineType({
  type: "directory",
  section: "6.3",
  family: "sco",
  schema: StixDirectory,
});
