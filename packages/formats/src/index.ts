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
 *   would hold for all, the whole. Of a label within other words the longest level counts (labels-within-text.ts).
 * - A writer is handed what its reader may see, a rendition at a time, and holds no more than one: an export is as long
 *   as it is. (Documents of CSAF are of several: what may be of one is held within a bound, and refused beyond it.) What of a value means something to whoever reads the format is written so that it means nothing there.
 *   Blocklists hold what indicators say by themselves, never what PAP:AMBER or PAP:RED forbids to act upon, nor
 *   what is on a warning list, those that are built in among them (warning/). What is of a drill says so, in every format, before its content.
 * - Words of the input are never names of our own: what they are looked up in is a Map, or asked by Object.hasOwn.
 * - Input is hostile: JSON is bounded before it is parsed, text is decoded fatally, patterns repeat boundedly.
 *   The streaming readers hold a chunk and a row, however long the input; that of MISP holds one event. An archive
 *   is unpacked in proportion to its size (archive/), and refused when it would grow beyond that.
 * - XML declares no document type and expands no entity; YAML has no aliases; messages within messages end somewhere.
 * - What a format's fields become stands in tables (misp/attribute-types.ts, misp/object-templates.ts,
 *   stix20/renamed.ts): a writer goes back by the same ones.
 *
 * A folder for each format; `xml/` is what the formats of XML share, `report-reading.ts` and `fields.ts` what the formats
 * of documents do.
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
export { BUILT_IN, type BuiltInList } from "./warning/built-in-lists.ts";
export { type CompiledList, compileList } from "./warning/compile-list.ts";
export {
  MOST_OF_LIST,
  type Places,
  readWarningList,
  WarningList,
  WarningListType,
} from "./warning/warning-list.ts";
export { type ActiveList, type Hit, WarningLists } from "./warning/warning-lists.ts";
export { ExportFormat, ItemFormat } from "./write/export-format.ts";
export { markingOf } from "./write/marking-lines.ts";
export { EventPlan, type GoneItem, type PlannedEvent, tagOfPlan } from "./write/misp/plan-events.ts";
export { writeEvent } from "./write/misp/write-event.ts";
export { type FeedFile, feedFileOf, hashLines, manifestEntry } from "./write/misp/write-feed.ts";
export { papOf } from "./write/validity.ts";
export type { ExportFacts, ExportItem, OpenWriter, WarnedOf, Writer, Written } from "./write/writer.ts";
export { writers } from "./writers.ts";
