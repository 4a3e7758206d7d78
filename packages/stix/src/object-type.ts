import type { z } from "zod";

/** Says that a rule is broken: where (a JSON Pointer into the object), which, and in words. */
export type Report = (path: string, code: string, message: string) => void;

/** A rule that spans properties; it runs on an object whose every property already has its type. */
export type Rule<T> = (object: T, report: Report) => void;

export type Family = "sdo" | "sro" | "sco" | "meta";

/** One type of STIX object, as data. */
export type ObjectType = {
  readonly type: string;
  readonly section: string;
  readonly family: Family;
  readonly schema: z.ZodType;
  /** The properties the type defines; others are custom. */
  readonly properties: ReadonlySet<string>;
  /** Common properties of §3.2 that this type must not carry. */
  readonly refused: ReadonlySet<string>;
  readonly check: Rule<unknown>;
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
  const rules = description.rules ?? [];
  const refused = description.refused ?? (description.family === "sco" ? [] : ["defanged"]);
  return {
    type: description.type,
    section: description.section,
    family: description.family,
    // Only the verdict is used, never zod's copy, so the copy need not carry the unknown properties.
    schema: description.schema.strip(),
    properties: new Set(Object.keys(description.schema.shape)),
    refused: new Set(refused),
    // The schema has accepted the object before its rules see it.
    check: (object, report) => {
      for (const rule of rules) rule(object as z.infer<S>, report);
    },
  };
}
