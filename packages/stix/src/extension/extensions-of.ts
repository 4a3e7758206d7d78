import { z } from "zod";
import { UnknownExtension } from "../property-types.ts";

/** The `extensions` of an SCO (§3.2): those it predefines by their schema, all others as they are. */
export function extensionsOf<S extends Record<string, z.ZodType>>(predefined: S) {
  return z
    .object(predefined)
    .partial()
    .catchall(UnknownExtension)
    .refine((extensions) => Object.keys(extensions).length > 0, "a dictionary must not be empty")
    .optional();
}

/** "MUST contain at least one property": most predefined extensions may not be empty. */
export function notEmpty(extension: object): boolean {
  return Object.keys(extension).length > 0;
}

export const EMPTY_EXTENSION = "an extension must hold at least one property";
