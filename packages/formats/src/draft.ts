import type { ObservableKind, Pap, Tlp } from "@suar/stix";
import type { FormatName } from "./format-name.ts";

export type ExternalReference = {
  source_name: string;
  url?: string;
  external_id?: string;
  description?: string;
};

/** What a record says about its value besides the value. Times are STIX timestamps already. */
export type ValueDetails = {
  name?: string;
  description?: string;
  labels?: string[];
  /** 0 to 100 (STIX 2.1 §3.2). */
  confidence?: number;
  validFrom?: string;
  validUntil?: string;
  firstSeen?: string;
  externalReferences?: ExternalReference[];
};

/** What becomes of a value: a pattern to look for, or a thing that was seen. */
export type ValueRole = "indicator" | "observable";

export type Marking = { tlp?: Tlp; pap?: Pap };

type DraftPlace = {
  /** Which record of the input, from 0. Several drafts may come of one record. */
  index: number;
  /** Where it stands: `line 7`, or a JSON pointer. */
  at: string;
  /** What other drafts of this submission call it (see local-name.ts). */
  local?: string;
  marking?: Marking;
  /** Locals or ids of what this container holds: they inherit its marking. */
  contains?: string[];
  /** Codes of the organisations that the content itself addresses. */
  to?: string[];
};

export type ValueDraft = DraftPlace & {
  kind: "value";
  value: { kind: ObservableKind; raw: string };
  as: ValueRole;
  details: ValueDetails;
  /** Whose statement the row says that it is, by code, and under which id. */
  said?: { by: string; id?: string };
};

/** A STIX object as the input has it: references may be locals, the id may be absent. */
export type ObjectDraft = DraftPlace & { kind: "object"; object: Record<string, unknown> };

export type Draft = ValueDraft | ObjectDraft;

/** Something of the input that the target cannot hold. */
export type FieldLoss = { index: number; at: string; field: string; reason: string };

/**
 * A record that was refused. What it says of a marking counts all the same, since others may say the same thing
 * under a wider one.
 */
export type Reject = {
  index: number;
  at: string;
  code: string;
  reason: string;
  /** That of the STIX object, where it is one: others may name it. */
  id?: string;
  marking?: Marking;
  /** It bears a marking of no level that is known. */
  unknownMarking?: true;
  /** The text that would have been its value. */
  raw?: string;
};

/** A marking that the input says of all that it holds, wherever it stands: a line of its own such as `TLP:RED`. */
export type WholeMarking = Marking & { at: string };

/**
 * `untold`: so many losses more, which are counted and not listed, so that the list does not grow with the input.
 * `unitEnds`: what follows refers by no local to what came before, but for these; a long input may be cut here.
 */
export type ReaderEvent =
  | { draft: Draft }
  | { loss: FieldLoss }
  | { reject: Reject }
  | { untold: number }
  | { unitEnds: readonly string[] }
  | { marking: WholeMarking };

export type ReadContext = {
  kind?: "incident";
  receivedAt: string;
  /** Code of the member or agency that submits. */
  producer: string;
  /** The source ends before the input does: what is left open at its end is no fault. */
  isBeginning?: true;
};

export type Reader = {
  readonly name: FormatName;
  readonly mediaTypes: readonly string[];
  /** How likely the input is of this format, 0 to 1. `head` is its beginning, a character per byte. */
  detect(mediaType: string | undefined, head: string): number;
  /**
   * Reading holds a row or an event at a time, however long the input is; else it holds all of it, and the limit of
   * documents holds. Where records name one another (it is not flat), it says where they do not (`unitEnds`).
   */
  readonly streaming: boolean;
  /** Tables and lists, whose records refer to nothing: their release is planned a record at a time. */
  readonly flat?: true;
  /** Batches of up to about 500 events. Throws a FormatError when the whole cannot be read. */
  read(source: AsyncIterable<Uint8Array>, context: ReadContext): AsyncIterable<ReaderEvent[]>;
};
