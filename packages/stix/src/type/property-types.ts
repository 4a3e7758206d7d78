import { z } from "zod";
import { isStixId } from "../name/identifier.ts";
import { isMillisecondTimestamp, isTimestamp } from "../version/timestamp.ts";
import { isCharset } from "./iana-charsets.ts";

/* The data types of chapter 2, as zod schemas; every one is made once and shared by all objects. */

export const Text = z.string(); // 2.15
export const Flag = z.boolean(); // 2.2
export const Float = z.number(); // 2.6
export const Integer = z.int(); // 2.10
export const Count = z.int().min(0); // 2.10, not negative
export const Port = z.int().min(0).max(65_535); // 2.10, as 6.12.1 bounds it

/** §2.16 */
export const Timestamp = z.string().refine(isTimestamp, "not a timestamp of the form 2020-01-02T03:04:05Z");
/** §3.2: created and modified. */
export const MillisecondTimestamp = z
  .string()
  .refine(isMillisecondTimestamp, "not a timestamp with at least three decimals");

/** §2.1: base64 of RFC 4648, padded. Checked by shape, since payloads are long. */
export const Binary = z
  .string()
  .refine((text) => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text), "not base64");

/** §2.8 */
export const Hex = z.string().regex(/^(?:[0-9a-f]{2})+$/, "not lower-case hexadecimal of even length");

/** RFC 3986: absolute, without white space; the rest of it is not enforced on hostile URLs. */
export const Url = z.string().regex(/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/, "not an absolute URL");

/** §3.9.1: the encoding in which a text was observed. */
export const Encoding = z.string().refine(isCharset, "not a character set of the IANA registry");

/**
 * RFC 5646 §2.1. A language has two or three letters: of longer ones, the registry has none. What it has of the
 * shorter ones changes with the years, so any is taken.
 */
export const LanguageTag = z
  .string()
  .regex(
    /^(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?|x(?:-[a-z0-9]{1,8})+|i-[a-z]{2,8}|en-gb-oed|sgn-(?:be-(?:fr|nl)|ch-de))$/i,
    "not a language tag",
  );

/** §2.14: an open vocabulary only suggests; any string is allowed. */
export const OpenVocabulary = z.string();

/** §2.12: a list is never empty. */
export function list<T extends z.ZodType>(item: T): z.ZodArray<T> {
  return z.array(item).min(1, "a list must not be empty");
}

/** §2.3: keys of ASCII letters, digits, `-` and `_`, up to 250; never empty. */
export const DictionaryKey = z.string().regex(/^[A-Za-z0-9_-]{1,250}$/, "not a dictionary key");
export function dictionary<T extends z.ZodType>(value: T): z.ZodRecord<z.ZodString, T> {
  return z.record(DictionaryKey, value).refine(hasKeys, "a dictionary must not be empty");
}

/** §2.7: an algorithm outside the vocabulary is tolerated; its key has at least three characters. */
const HashName = z.string().regex(/^[A-Za-z0-9_-]{3,250}$/, "not the name of a hash algorithm");
const HASH_LENGTHS: Readonly<Record<string, number>> = {
  MD5: 32,
  "SHA-1": 40,
  "SHA-256": 64,
  "SHA-512": 128,
  "SHA3-256": 64,
  "SHA3-512": 128,
};
export const Hashes = z.record(HashName, z.string()).superRefine((hashes, context) => {
  for (const name of Object.keys(hashes)) {
    const length = HASH_LENGTHS[name];
    const value = hashes[name];
    if (length === undefined || (value?.length === length && /^[0-9a-fA-F]+$/.test(value))) continue;
    context.addIssue({ code: "custom", path: [name], message: `not a ${name} value` });
  }
  if (!hasKeys(hashes)) context.addIssue({ code: "custom", message: "a dictionary must not be empty" });
});

/** §2.11 */
export const KillChainPhase = z.looseObject({ kill_chain_name: z.string(), phase_name: z.string() });

/** §2.5: a reference that says nothing is refused; CVE and CAPEC ids have a form (§4.1.1, §4.19.1). */
export const ExternalReference = z
  .looseObject({
    source_name: Text, // 2.5.1
    description: Text.optional(), // 2.5.1
    url: Url.optional(), // 2.5.1
    hashes: Hashes.optional(), // 2.5.1
    external_id: Text.optional(), // 2.5.1
  })
  .refine(
    (reference) =>
      reference.description !== undefined ||
      reference.url !== undefined ||
      reference.external_id !== undefined,
    "needs a description, a url or an external_id",
  )
  .refine(hasProperExternalId, { message: "not an id of its source", path: ["external_id"] });

/** §7.2.3: exactly one of `marking_ref` and `lang`. */
export const GranularMarking = z
  .looseObject({
    selectors: list(
      z
        .string()
        .regex(/^(?:id|[A-Za-z0-9_-]{2,250}(?:\.(?:\[\d+\]|[A-Za-z0-9_-]{1,250}))*)$/, "not a selector"),
    ), // 7.2.3
    marking_ref: z
      .string()
      .regex(/^marking-definition--[0-9a-fA-F-]{36}$/, "not the id of a marking definition")
      .optional(), // 7.2.3
    lang: LanguageTag.optional(), // 7.2.3
  })
  .refine((marking) => (marking.marking_ref === undefined) !== (marking.lang === undefined), {
    message: "needs exactly one of marking_ref and lang",
  });

/** §10.5 extension-type-enum */
export const ExtensionType = z.enum([
  "new-sdo",
  "new-sco",
  "new-sro",
  "property-extension",
  "toplevel-property-extension",
]);

/** §3.2, §7.3, §11.3: what an extension holds is its own affair, but it holds something; its kind is a closed list. */
export const UnknownExtension = z
  .looseObject({ extension_type: ExtensionType.optional() })
  .refine(hasKeys, "an extension must hold at least one property");
export const Extensions = z
  .record(DictionaryKey, UnknownExtension)
  .refine(hasKeys, "a dictionary must not be empty")
  .superRefine(definedExtensionsSayTheirKind);

/** §3.2: what is named by the id of its definition has an `extension_type`; predefined extensions have none. */
export function definedExtensionsSayTheirKind(
  extensions: Readonly<Record<string, unknown>>,
  context: z.RefinementCtx,
): void {
  for (const [key, extension] of Object.entries(extensions)) {
    if (!key.startsWith("extension-definition--")) continue;
    if (!isStixId(key)) context.addIssue({ code: "custom", path: [key], message: "not a STIX identifier" });
    const kind = (extension as { extension_type?: unknown } | undefined)?.extension_type;
    const path = [key, "extension_type"];
    if (kind === undefined) context.addIssue({ code: "custom", path, message: "is needed" });
  }
}

export function hasKeys(value: object): boolean {
  for (const _ in value) return true;
  return false;
}

function hasProperExternalId(reference: { source_name: string; external_id?: string | undefined }): boolean {
  const { source_name: source, external_id: id } = reference;
  if (id === undefined) return true;
  if (source === "cve") return /^CVE-\d{4}-\d{4,}$/.test(id);
  return source !== "capec" || /^CAPEC-\d+$/.test(id);
}
