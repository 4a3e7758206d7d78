import { z } from "zod";
import { observableProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { Integer, list, Text, Timestamp } from "../type/property-types.ts";
import { refTo } from "../type/reference-types.ts";
import { ownProperty } from "../type/rules.ts";

/** windows-registry-datatype-enum */
const RegistryDatatype = z.enum([
  "REG_NONE",
  "REG_SZ",
  "REG_EXPAND_SZ",
  "REG_BINARY",
  "REG_DWORD",
  "REG_DWORD_BIG_ENDIAN",
  "REG_DWORD_LITTLE_ENDIAN",
  "REG_LINK",
  "REG_MULTI_SZ",
  "REG_RESOURCE_LIST",
  "REG_FULL_RESOURCE_DESCRIPTION",
  "REG_RESOURCE_REQUIREMENTS_LIST",
  "REG_QWORD",
  "REG_INVALID_TYPE",
]);

/** §6.17.2: a value may lack its name (the default value), but not everything. */
const RegistryValue = z
  .looseObject({
    name: Text.optional(), // 6.17.2.1
    data: Text.optional(), // 6.17.2.1
    data_type: RegistryDatatype.optional(), // 6.17.2.1
  })
  .refine((value) => Object.keys(value).length > 0, "needs at least one of name, data and data_type");

/** §6.17 A key of the Windows registry; its hive is spelled out. */
export const StixWindowsRegistryKey = z.looseObject({
  ...observableProperties("windows-registry-key"), // 3.2
  key: z
    .string()
    .regex(/^(?!HK(?:LM|CU|CR|U|CC)(?:\\|$))/i, "the hive must be written in full")
    .optional(), // 6.17.1
  values: list(RegistryValue).optional(), // 6.17.1, 6.17.2
  modified_time: Timestamp.optional(), // 6.17.1
  creator_user_ref: refTo("user-account").optional(), // 6.17.1
  number_of_subkeys: Integer.optional(), // 6.17.1
});
export type StixWindowsRegistryKey = z.infer<typeof StixWindowsRegistryKey>;

export const windowsRegistryKey = defineType({
  type: "windows-registry-key",
  section: "6.17",
  family: "sco",
  schema: StixWindowsRegistryKey,
  rules: [ownProperty], // 6.17.1
});
