/**
 * Formats: readers turn what a CERT has at hand into drafts, one reader per format.
 *
 * Invariants
 * - A reader understands a format and decides nothing else: values stay as written, ids may be missing,
 *   references may be names of the submission's own. Canonical values, ids and validity are for normalization.
 * - Nothing is silent. What a record holds becomes a draft, a reject with its reason, or a loss that names the
 *   field. Every record has one number; an input that cannot be read at all is a FormatError.
 * - Markings count wherever they are: in fields, tags and labels, in a cell or a line that is nothing but a
 *   label, on what is rejected or lost. Of several the strictest holds; text is never carried under a laxer one
 *   than it had. One that is not known is never taken for a laxer one: its record is rejected, and where it
 *   would hold for all, the whole.
 * - Input is hostile: JSON is bounded before it is parsed, text is decoded fatally, patterns repeat boundedly.
 *   The streaming readers hold a chunk and a row, however long the input.
 *
 * It imports stix and nothing else of Suar; it knows neither realms nor recipients.
 */
export type {
  Draft,
  ExternalReference,
  FieldLoss,
  Marking,
  ObjectDraft,
  ReadContext,
  Reader,
  ReaderEvent,
  Reject,
  ValueDetails,
  ValueDraft,
  ValueRole,
  WholeMarking,
} from "./draft.ts";
export { FormatError, type FormatErrorCode } from "./format-error.ts";
export { FormatName } from "./format-name.ts";
export { INCIDENT_EXTENSION } from "./incident/incident-drafts.ts";
export { IncidentReport, incidentReportJsonSchema } from "./incident/incident-report.ts";
export { RSIT, type RsitClass } from "./incident/rsit.ts";
export { localName, typeOfLocal } from "./local-name.ts";
export { type JsonLimits, parseJsonBounded, takesJson } from "./parse-json-bounded.ts";
export { parseJsonExactly } from "./parse-json-exactly.ts";
export { chooseReader, type ReaderChoice, readers } from "./readers.ts";
export { canonicalOf } from "./value-kind.ts";
