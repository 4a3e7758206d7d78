import type { Selection } from "./selection.ts";

/* What the protocol asks of whoever holds the data. All of it is already limited to what the caller may know of. */

/** §4.1.1, without the api_roots that the caller may not know of. Custom properties are passed on. */
export type Discovery = Readonly<Record<string, unknown>> & { title: string };

/** §4.2.1 */
export type ApiRootInformation = Readonly<Record<string, unknown>> & {
  title: string;
  versions: readonly string[];
  /** Octets that a request's body may have. */
  max_content_length: number;
};

/** §5.2.1 */
export type Collection = {
  id: string;
  title: string;
  description?: string | undefined;
  alias?: string | undefined;
  can_read: boolean;
  can_write: boolean;
  media_types?: readonly string[] | undefined;
};

/** §4.3.1 */
export type Status = Readonly<Record<string, unknown>> & { id: string; status: "pending" | "complete" };

/** One version of an object in a collection: what a manifest says of it (§5.3.1), and its bytes as they are kept. */
export type TaxiiRecord = {
  id: string;
  /** RFC 3339 with six decimals. */
  dateAdded: string;
  version: string;
  mediaType: string;
  /** JSON text; empty where only the manifest was asked for. */
  body: string;
};

/** Records in ascending order of their dates. `next` is set when there are more; opaque to everybody else. */
export type Page = {
  /** `dateAdded` of the first and the last record; absent when there are none. */
  dates?: { first: string; last: string } | undefined;
  next?: string | undefined;
  records: AsyncIterable<TaxiiRecord> | Iterable<TaxiiRecord>;
};

/** An object of an envelope that was posted, as text that was parsed once. */
export type Envelope = { objects: readonly unknown[]; bytes: Uint8Array };

export type TaxiiSource<Caller> = {
  /** Paths of the API roots, each with slashes around it; the protocol's own `/taxii2/` is none. */
  readonly roots: readonly string[];
  discovery(caller: Caller): Promise<Discovery>;
  /** Undefined for a root that the caller may not know of. */
  information(caller: Caller, root: string): Promise<ApiRootInformation | undefined>;
  status(caller: Caller, root: string, id: string): Promise<Status | undefined>;
  /** In a stable order. */
  collections(caller: Caller, root: string): Promise<readonly Collection[]>;
  /** Throws a TaxiiError `400` for a `next` that is not its own. */
  page(caller: Caller, root: string, collection: Collection, selection: Selection): Promise<Page>;
  /** Whether any version of the object is in the collection. */
  has(caller: Caller, root: string, collection: Collection, objectId: string): Promise<boolean>;
  add(caller: Caller, root: string, collection: Collection, envelope: Envelope): Promise<Status>;
  /** Deletes the versions selected; throws a TaxiiError where it will not. */
  remove(caller: Caller, root: string, collection: Collection, selection: Selection): Promise<void>;
};
