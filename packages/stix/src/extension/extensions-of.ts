import { z } from "zod";
import { DictionaryKey, definedExtensionsSayTheirKind, UnknownExtension } from "../type/property-types.ts";

/** The `extensions` of an SCO (§3.2): those it predefines by their schema, all others as they are. */
export function extensionsOf<S extends Record<string, z.ZodType>>(predefined: S) {
  return z
    .object(predefined)
    .partial()
    .catchall(UnknownExtension)
    .refine((extensions) => Object.keys(extensions).length > 0, "a dictionary must not be empty")
    .superRefine(definedExtensionsSayTheirKind)
    .superRefine((extensions, context) => {
      for (const key of Object.keys(extensions)) {
        if (DictionaryKey.safeParse(key).success) continue;
        context.addIssue({ code: "custom", path: [key], message: "not a dictionary key" });
      }
    })
    .optional();
}

/** "MUST contain at least one property from this extension": custom ones do not count. */
export function withOneOf<S extends z.core.$ZodLooseShape>(shape: S, ...besides: readonly (keyof S)[]) {
  const names = Object.keys(shape).filter((name) => !besides.includes(name));
  return z
    .looseObject(shape)
    .refine(
      (extension) => names.some((name) => extension[name] !== undefined),
      `needs one of ${names.join(", ")}`,
    );
}
