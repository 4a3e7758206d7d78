import type { z } from "zod";
import { EXTENSION_SECTIONS } from "../extension/extension-sections.ts";
import { pointer, type StixIssue } from "../stix-object.ts";
import { COMMON_PROPERTIES } from "../type/object-properties.ts";
import type { ObjectType } from "../type/object-type.ts";

type ZodIssue = z.core.$ZodIssue;

/** What each of zod's codes is called here; `missing-property` is told apart by the value. */
const CODES: Readonly<Partial<Record<ZodIssue["code"], string>>> = {
  invalid_type: "invalid-type",
  invalid_value: "invalid-value",
  invalid_format: "invalid-format",
  invalid_key: "invalid-format",
  invalid_union: "invalid-type",
  too_small: "out-of-range",
  too_big: "out-of-range",
  custom: "invalid-format",
};

/** Turns zod's report into issues: stable codes, JSON Pointers, sections of the specification. */
export function schemaIssues(error: z.ZodError, object: unknown, definition: ObjectType): StixIssue[] {
  return error.issues.map((issue) => {
    const path = pointer(issue.path);
    return {
      code: codeOf(issue, object),
      path,
      message: issue.message,
      section: sectionOf(path, definition),
    };
  });
}

/** The section that an issue belongs to: that of the extension or common property it stands in, else the type's. */
export function sectionOf(path: string, definition: ObjectType): string {
  const [, property = "", extension = ""] = path.split("/");
  const ofExtension = property === "extensions" ? EXTENSION_SECTIONS.get(extension) : undefined;
  return ofExtension ?? COMMON_PROPERTIES.get(property) ?? definition.section;
}

function codeOf(issue: ZodIssue, object: unknown): string {
  if (issue.code === "too_small" && issue.origin === "array") return "empty";
  const absent = issue.path.length > 0 && valueAt(object, issue.path) === undefined;
  return absent ? "missing-property" : (CODES[issue.code] ?? "invalid-value");
}

function valueAt(object: unknown, path: readonly PropertyKey[]): unknown {
  let at = object;
  for (const key of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}
