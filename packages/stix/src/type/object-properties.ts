import { z } from "zod";
import {
  Extensions,
  ExternalReference,
  Flag,
  GranularMarking,
  LanguageTag,
  list,
  MillisecondTimestamp,
  Text,
  Timestamp,
} from "./property-types.ts";
import { AnyRef, refTo } from "./reference-types.ts";

/* §3.2: the common properties, by the family of the object. Each type file spreads one of these first. */

const IdentityRef = refTo("identity");
const MarkingRefs = list(refTo("marking-definition"));
const GranularMarkings = list(GranularMarking);
const ExternalReferences = list(ExternalReference);
const Labels = list(Text);
const Confidence = z.int().min(0).max(100);
const Version = z.literal("2.1");

/** Every property that §3.2 names, and the section that an error there is reported under. */
export const COMMON_PROPERTIES: ReadonlyMap<string, string> = new Map([
  ["type", "3.2"],
  ["spec_version", "3.2"],
  ["id", "2.9"],
  ["created_by_ref", "3.2"],
  ["created", "3.2"],
  ["modified", "3.2"],
  ["revoked", "3.2"],
  ["labels", "3.2"],
  ["confidence", "3.2"],
  ["lang", "3.2"],
  ["external_references", "2.5"],
  ["object_marking_refs", "7.2.2"],
  ["granular_markings", "7.2.3"],
  ["defanged", "3.2"],
  ["extensions", "7.3"],
]);

const marked = {
  object_marking_refs: MarkingRefs.optional(), // 3.2, 7.2.2
  granular_markings: GranularMarkings.optional(), // 3.2, 7.2.3
};

const versioned = {
  spec_version: Version, // 3.2
  id: AnyRef, // 3.2, 2.9
  created_by_ref: IdentityRef.optional(), // 3.2, 3.5
  created: MillisecondTimestamp, // 3.2, 3.6
  modified: MillisecondTimestamp, // 3.2, 3.6
  revoked: Flag.optional(), // 3.2, 3.6
  labels: Labels.optional(), // 3.2
  external_references: ExternalReferences.optional(), // 3.2, 2.5
  ...marked,
};

const versionedAndRated = {
  ...versioned,
  confidence: Confidence.optional(), // 3.2, appendix A
};

/** SDOs and SROs. */
export function domainProperties<T extends string>(type: T) {
  return {
    type: z.literal(type), // 3.2
    ...versionedAndRated,
    lang: LanguageTag.optional(), // 3.2
    extensions: Extensions.optional(), // 3.2, 7.3
  };
}

/** SCOs: no version of their own, and the only family that may be `defanged`. */
export function observableProperties<T extends string>(type: T) {
  return {
    type: z.literal(type), // 3.2
    spec_version: Version.optional(), // 3.2
    id: AnyRef, // 3.2, 2.9
    ...marked,
    defanged: Flag.optional(), // 3.2
    extensions: Extensions.optional(), // 3.2, 7.3
  };
}

/** Language content: all but `lang` (§7.1.1). */
export function languageContentProperties<T extends string>(type: T) {
  return { type: z.literal(type), ...versionedAndRated, extensions: Extensions.optional() };
}

/** Extension definitions: neither extensions, confidence nor lang, and a creator is required (§7.3.1). */
export function extensionDefinitionProperties<T extends string>(type: T) {
  return { type: z.literal(type), ...versioned, created_by_ref: IdentityRef };
}

/** Marking definitions are never versioned (§7.2.1.1). */
export function markingDefinitionProperties<T extends string>(type: T) {
  return {
    type: z.literal(type), // 3.2
    spec_version: Version, // 3.2
    id: AnyRef, // 3.2, 2.9
    created_by_ref: IdentityRef.optional(), // 3.2
    created: MillisecondTimestamp, // 3.2
    external_references: ExternalReferences.optional(), // 3.2
    ...marked,
    extensions: Extensions.optional(), // 3.2, 7.3
  };
}

/** §3.6 knows of producers that version observables, and many label them: common properties mean what §3.2 says. */
export const BorrowedProperties = z.object({
  created_by_ref: IdentityRef.optional(), // 3.2
  created: Timestamp.optional(), // 3.2
  modified: Timestamp.optional(), // 3.2
  revoked: Flag.optional(), // 3.2
  labels: Labels.optional(), // 3.2
  confidence: Confidence.optional(), // 3.2
  lang: LanguageTag.optional(), // 3.2
  external_references: ExternalReferences.optional(), // 3.2
});
