import { z } from "zod";
import { ProcessExtensions } from "../extension/process-extensions.ts";
import { observableProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { dictionary, Flag, Integer, list, Text, Timestamp } from "../type/property-types.ts";
import { refTo } from "../type/reference-types.ts";
import { ownProperty } from "../type/rules.ts";

const ProcessRef = refTo("process");

/** §6.13 A running instance of a program; the one SCO without a deterministic id. */
export const StixProcess = z.looseObject({
  ...observableProperties("process"), // 3.2
  extensions: ProcessExtensions, // 6.13.1
  is_hidden: Flag.optional(), // 6.13.1
  pid: Integer.optional(), // 6.13.1
  created_time: Timestamp.optional(), // 6.13.1
  cwd: Text.optional(), // 6.13.1
  command_line: Text.optional(), // 6.13.1
  environment_variables: dictionary(Text).optional(), // 6.13.1
  opened_connection_refs: list(refTo("network-traffic")).optional(), // 6.13.1
  creator_user_ref: refTo("user-account").optional(), // 6.13.1
  image_ref: refTo("file").optional(), // 6.13.1
  parent_ref: ProcessRef.optional(), // 6.13.1
  child_refs: list(ProcessRef).optional(), // 6.13.1
});
export type StixProcess = z.infer<typeof StixProcess>;

export const process = defineType({
  type: "process",
  section: "6.13",
  family: "sco",
  schema: StixProcess,
  rules: [ownProperty], // 6.13.1
});
