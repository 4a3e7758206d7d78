import type { z } from "zod";
import { idIsRandomWithoutContributors } from "../name/sco-id.ts";
import { type Check, compileCheck } from "../parse/compile-check.ts";
import type { StixObject } from "../stix-object.ts";
import { borrowedPropertiesFit, namesBelong, OBJECT_RULES } from "./object-rules.ts";

/**
 * Says that a rule is broken: where (a JSON Pointer into the object), which, and in words; and the rule's section,
 * where that is not the property's.
 */
export type Report = (path: string, code: string, message: string, section?: string) => void;

/** A rule that spans properties; every property that it sees already has its type. */
export type Rule<T> = (object: T, report: Report) => void;

export type Family = "sdo" | "sro" | "sco" | "meta";

/** One type of STIX object, as data. */
export type ObjectType = {
  readonly type: string;
  readonly section: string;
  readonly family: Family;
  readonly schema: z.ZodType;
  /** The schema's verdict alone. */
  readonly accepts: Check;
  /** The properties the type defines; others are custom. */
  readonly properties: ReadonlySet<string>;
  /** Those that hold in every object, and the type's own. */
  readonly rules: readonly Rule<StixObject>[];
};

type ObjectSchema = z.ZodType & { shape: Record<string, z.ZodType>; strip(): z.ZodType };

type Description<S extends ObjectSchema> = {
  type: string;
  section: string;
  family: Family;
  schema: S;
  refused?: readonly string[];
  rules?: readonly Rule<z.infer<S>>[];
};

/** Describes one type; the registry in `object-types.ts` lists them all. */
export function defineType<S extends ObjectSchema>(description: Description<S>): ObjectType {
  const { type, section, family, schema } = description;
  const properties = new Set(Object.keys(schema.shape));
  const refused = new Set(description.refused ?? (family === "sco" ? [] : ["defanged"]));
  // The schema has accepted what a rule sees of an object.
  const own = (description.rules ?? []) as unknown as readonly Rule<StixObject>[];
  const ofFamily = family === "sco" ? [idIsRandomWithoutContributors, borrowedPropertiesFit] : [];
  return {
    type,
    section,
    family,
    // Only the verdict is used, never zod's copy, so the copy need not carry the unknown properties.
    schema: schema.strip(),
    accepts: compileCheck(schema),
    properties,
    rules: [namesBelong(properties, refused), ...OBJECT_RULES, ...ofFamily, ...own],
  };
}
