/**
 * @suar/taxii: TAXII 2.1, the protocol, over raw bodies and opaque pages.
 *
 * `answerTaxii` turns one request into one answer and knows every rule of the specification: media types, paths,
 * filters, paging, errors. What there is to read it asks of a `TaxiiSource`: the platform's log, or in tests a fixture file.
 * `findCollection` and `pullObjects` are the other side: a client for any server, the ones that bend the rules among
 * them. Its `Connection` asks for files that are no TAXII, too, under the same bounds.
 *
 * Invariants
 * - Who may see what is the source's: collections and records are handed over already limited to the caller.
 * - Bodies are text that is passed through, never parsed and built again; a page is never held as a whole.
 * - Records are in ascending order of (date_added, ordinal). Equal dates are a fixture's affair: the live source
 *   has none, so that `added_after` loses nothing.
 *
 * - A client trusts no server: every time, size and number of pages is bounded, memory stays at a part of a page, and
 *   credentials go to the origin that they were given for. It ends with a TaxiiFault, or with all that there was.
 *
 * It imports stix, contract and zod; never runtime, log or services, no framework, no environment. Whoever pulls
 * brings the `fetch`, and with it the decision where connections may go.
 */
export { addedDate, justBefore } from "./client/added-date.ts";
export { Connection, type FileReply, type TaxiiCredential, type TaxiiFetch } from "./client/connection.ts";
export type { PulledObject } from "./client/envelope-reader.ts";
export { type FoundCollection, findCollection } from "./client/find-collection.ts";
export { PULL_LIMITS, type PullLimits } from "./client/limits.ts";
export { type PulledPart, pullObjects } from "./client/pull-objects.ts";
export { PullPlace } from "./client/pull-place.ts";
export { TaxiiFault, type TaxiiFaultCode } from "./client/taxii-fault.ts";
export { acceptsTaxii, isTaxii, TAXII_MEDIA_TYPE } from "./media-type.ts";
export { answerTaxii, refusal, type ServerOptions } from "./server/answer.ts";
export { comparePlaces, formatPlace, type Place, parsePlace } from "./server/place.ts";
export { readEnvelope } from "./server/read-envelope.ts";
export type { TaxiiAnswer, TaxiiRequest } from "./server/request.ts";
export { TAXII_METHODS } from "./server/route.ts";
export { type HeldRecord, selectRecords } from "./server/select-records.ts";
export type { Selection, VersionWord } from "./server/selection.ts";
export type {
  ApiRootInformation,
  Collection,
  Discovery,
  Envelope,
  Page,
  Status,
  TaxiiRecord,
  TaxiiSource,
} from "./server/source.ts";
export { TaxiiError } from "./server/taxii-error.ts";
