import { z } from "zod";
import type { StixObject } from "../stix-object.ts";
import { defineType, type ObjectType } from "./object-type.ts";
import {
  Extensions,
  ExternalReference,
  Flag,
  GranularMarking,
  LanguageTag,
  list,
  MillisecondTimestamp,
  Text,
} from "./property-types.ts";
import { AnyRef, refTo } from "./reference-types.ts";

const NEW_TYPES: ReadonlySet<unknown> = new Set(["new-sdo", "new-sco", "new-sro"]);

/** §3.1, §11.2: that its name begins with `x-` is only recommended. */
export const TypeName = z
  .string()
  .min(3)
  .max(250)
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, "not the name of a type");

/** §11.2, §7.3: of an object whose type is not ours, only the common properties can be judged. */
const CustomObject = z.looseObject({
  type: TypeName, // 3.1
  spec_version: z.literal("2.1").optional(), // 3.2
  id: AnyRef, // 3.2
  created_by_ref: refTo("identity").optional(), // 3.2
  created: MillisecondTimestamp.optional(), // 3.2
  modified: MillisecondTimestamp.optional(), // 3.2
  revoked: Flag.optional(), // 3.2
  labels: list(Text).optional(), // 3.2
  confidence: z.int().min(0).max(100).optional(), // 3.2
  lang: LanguageTag.optional(), // 3.2
  external_references: list(ExternalReference).optional(), // 3.2
  object_marking_refs: list(refTo("marking-definition")).optional(), // 3.2
  granular_markings: list(GranularMarking).optional(), // 3.2
  extensions: Extensions.optional(), // 3.2
});

const customType = defineType({
  type: "custom",
  section: "11.2",
  family: "sdo",
  schema: CustomObject,
  refused: [],
  rules: [versionedWhenDomain, versionedAltogether],
});

/**
 * How to judge an object of a type that STIX does not define: as a custom object, whatever its type (§11.2). A bundle
 * is none, and so must not hold another (§8): `undefined`.
 */
export function customTypeOf(object: StixObject): ObjectType | undefined {
  return object.type === "bundle" ? undefined : customType;
}

/** §7.3: a new SDO or SRO is versioned like any other. */
function versionedWhenDomain(
  object: z.infer<typeof CustomObject>,
  report: (path: string, code: string, message: string) => void,
): void {
  const kind = declaredKind(object);
  if (kind === undefined || kind === "new-sco") return;
  for (const property of ["spec_version", "created", "modified"]) {
    if (object[property] === undefined) report(`/${property}`, "missing-property", "is required");
  }
}

/** §3.6: only an observable has neither of its times. */
function versionedAltogether(
  object: z.infer<typeof CustomObject>,
  report: (path: string, code: string, message: string) => void,
): void {
  if ((object.created === undefined) === (object.modified === undefined)) return;
  const missing = object.created === undefined ? "created" : "modified";
  report(`/${missing}`, "missing-property", "is required");
}

function declaredKind(object: Readonly<Record<string, unknown>>): unknown {
  const { extensions } = object;
  if (typeof extensions !== "object" || extensions === null) return undefined;
  for (const [key, extension] of Object.entries(extensions)) {
    const kind: unknown = (extension as Record<string, unknown> | null)?.extension_type;
    if (key.startsWith("extension-definition--") && NEW_TYPES.has(kind)) return kind;
  }
  return undefined;
}
