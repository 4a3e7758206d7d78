import type { ObservableKind, ObservableValue, Pap, StixObject, Tlp } from "@suar/stix";

/** One rendition that its reader may see, as it goes into an export. `body` is its JSON text. */
export type ExportItem = {
  readonly object: StixObject;
  readonly body: string;
  readonly tlp: Tlp;
  /** Also where the object itself has no label of it. */
  readonly pap: Pap | undefined;
  readonly producer: string;
  readonly seq: number;
  /** When it was logged, RFC 3339. */
  readonly at: string;
  /** Whether what it says of values of a kind is over, by age or by what was said since; absent: by `valid_until` alone. */
  readonly isOver?: (kind: ObservableKind, now: number) => boolean;
  /** It was not asked for by itself: a document that was may be in need of it. */
  readonly isPart?: true;
};

/** What an export holds, known before its first byte. */
export type ExportFacts = {
  /** Code of the organisation that it is made for. */
  readonly madeFor: string;
  /** Of what is in it, each once. */
  readonly tlps: readonly Tlp[];
  readonly paps: readonly Pap[];
  /** Objects that are in it. */
  readonly written: number;
  /** Indicators and values that are current, and that this format cannot hold. */
  readonly leftOut: number;
  /** Values that are on warning lists, and in no blocklist, whoever says that they are malicious. */
  readonly keptOut: number;
  /** The same by the lists' names. */
  readonly keptOutBy: ReadonlyMap<string, number>;
  /** When the last of what is in it was logged. */
  readonly asOf: string | undefined;
  /** The instant that it is of, in Unix seconds: a later export has a greater one (RFC 1982). */
  readonly serial: number;
  /** A UUID of this very content. */
  readonly id: string;
  /** The drill that it is of; undefined where it is real. */
  readonly exercise: string | undefined;
};

/** What one rendition comes to: nothing (`""`) where it is not for this format, or waits for others (`isHeld`). */
export type Written = {
  readonly text: string;
  readonly leftOut: number;
  /** For each value that is kept out, the name of a warning list that it is on. */
  readonly keptOut: readonly string[];
  readonly isHeld?: boolean;
};

/** What several renditions come to together. */
export type WrittenDocument = { readonly text: string; readonly items: readonly ExportItem[] };

/**
 * One export being written. It remembers a bounded number of values; renditions only where its documents are of several,
 * and no more than fit in a bounded memory.
 */
export type OpenWriter = {
  header(facts: ExportFacts): string;
  /** Throws a FormatError (`too-large`) where more wait than is held. */
  write(item: ExportItem): Written;
  /** What those come to that wait, after the last of all and once. */
  documents?(): Iterable<WrittenDocument>;
  footer(facts: ExportFacts): string;
};

/** The name of a warning list that keeps a value out of blocklists, whatever an indicator says of it. */
export type WarnedOf = (value: ObservableValue) => string | undefined;

/** What an export begins with: the instant that it is of, the drill, and the warning lists beside those that are built in. */
export type WriterOptions = {
  readonly now: number;
  readonly exercise: string | undefined;
  readonly warnedOf?: WarnedOf;
};

export type Writer = {
  readonly mediaType: string;
  /** With its dot. */
  readonly extension: string;
  /** Its values are acted upon: nothing of PAP:AMBER or PAP:RED is in it, and indicators alone. */
  readonly isBlocklist: boolean;
  /** Its documents are of several renditions: with what is asked for, what that is made of is read too. */
  readonly isOfParts?: true;
  /** What of an object it does not carry, for people to read. */
  readonly losses: readonly string[];
  open(options: WriterOptions): OpenWriter;
};

export const NOTHING: Written = { text: "", leftOut: 0, keptOut: [] };
