import type { ObservableKind } from "@suar/stix";
import type { Draft, Marking, ReaderEvent, Reject, ValueDetails, ValueRole } from "./draft.ts";
import { localName } from "./local-name.ts";
import { canonicalOf, typeOfValue } from "./value-kind.ts";

/** A place in the input: the record's number, and its JSON pointer or line. */
export type Place = { index: number; at: string };

/** Of one document so many losses are told one by one; there may be one for every few bytes of it. */
const MOST_TOLD = 1_000;
const LONGEST_FIELD = 120;
const LONGEST_REASON = 300;
/** What is longer is no value that others could name. */
const LONGEST_VALUE = 8_192;
const MOST_REMEMBERED = 100_000;

export type Relation = { type: string; source: string; target: string; description?: string | undefined };

/**
 * What reading one document has gathered: events to yield, and names by which its records find each other. All goes
 * under the document's marking; a thing that is said twice is one object.
 */
export class ReportReading {
  readonly #prefix: string;
  #marking: Marking | undefined;
  readonly #said = new Set<string>();
  readonly #holds: boolean;
  #events: ReaderEvent[] = [];
  #nextIndex: number;
  #lost = 0;
  /** Locals of all that was drafted: what a report of it names. */
  readonly held = new Set<string>();

  /** `name` tells the document from all others of its producer, the same at every reading. */
  constructor(
    name: string,
    firstIndex: number,
    marking: Marking | undefined,
    /** What is read a row at a time, without an end that is known, has nothing that holds it all. */
    holds: "holds all" | "holds nothing" = "holds all",
  ) {
    this.#prefix = name;
    this.#holds = holds === "holds all";
    this.#nextIndex = firstIndex;
    this.#marking = marking;
  }

  get next(): number {
    return this.#nextIndex;
  }

  /** The marking of what is drafted from here on. */
  mark(marking: Marking | undefined): void {
    this.#marking = marking;
  }

  /** What was gathered since the last time, so that a long document need not be held. */
  *drained(): Generator<ReaderEvent> {
    const events = this.#events;
    this.#events = [];
    yield* events;
  }

  /** A unit ends: what follows says anew what it names, but for the locals that are known on. */
  endUnit(known: readonly string[]): void {
    this.#said.clear();
    this.#events.push({ unitEnds: known });
  }

  /** The count of losses that were not told, at the end. */
  *finished(): Generator<ReaderEvent> {
    yield* this.drained();
    if (this.#lost > MOST_TOLD) yield { untold: this.#lost - MOST_TOLD };
  }

  /** The next record. */
  record(at: string): Place {
    return { index: this.#nextIndex++, at };
  }

  local(type: string, name: string): string {
    return localName(type, `${this.#prefix}/${name}`);
  }

  /** Drafts an object once, under a name of its own within the document. Returns its local. */
  object(place: Place, name: string, object: Record<string, unknown> & { type: string }): string {
    const local = this.local(object.type, name);
    const draft = { kind: "object" as const, object: { spec_version: "2.1", ...object } };
    if (this.#isNew(local)) this.#push(place, local, draft);
    this.#hold(local);
    return local;
  }

  /** The document's own object, which holds all the others. */
  container(place: Place, name: string, object: Record<string, unknown> & { type: string }): string {
    const local = this.local(object.type, name);
    const contains = [...this.held].filter((held) => held !== local);
    const draft = { kind: "object" as const, object: { spec_version: "2.1", ...object } };
    this.#push(place, local, { ...draft, ...(contains.length > 0 && { contains }) });
    return local;
  }

  /** Drafts a value once in a role; nothing, but a reject, where it is none of its kind. */
  value(
    place: Place,
    kind: ObservableKind,
    raw: string,
    as: ValueRole,
    details: ValueDetails = {},
  ): string | undefined {
    const canonical = canonicalOf(kind, raw);
    if (!canonical.ok) {
      this.reject(place, "bad-value", `Not of kind ${kind}, ${canonical.message}: ${raw.slice(0, 80)}`, raw);
      return undefined;
    }
    const local = this.local(typeOfValue(kind, as), `${kind}:${canonical.value}`);
    if (this.#isNew(local)) this.#push(place, local, { kind: "value", value: { kind, raw }, as, details });
    this.#hold(local);
    return local;
  }

  relate(place: Place, { type, source, target, description }: Relation): string {
    const object = {
      type: "relationship",
      relationship_type: type,
      source_ref: source,
      target_ref: target,
      ...(description !== undefined && { description }),
    };
    return this.object(place, `${source}>${type}>${target}>${description ?? ""}`, object);
  }

  note(place: Place, about: string, abstract: string, content: string): string {
    return this.object(place, `${about}/${abstract}/${content}`, {
      type: "note",
      abstract,
      content,
      object_refs: [about],
    });
  }

  lose({ index, at }: Place, field: string, reason: string): void {
    this.#lost += 1;
    if (this.#lost > MOST_TOLD) return;
    this.#events.push({
      loss: { index, at, field: cut(field, LONGEST_FIELD), reason: cut(reason, LONGEST_REASON) },
    });
  }

  reject(place: Place, code: string, reason: string, raw?: string): void {
    this.refuse(place, code, reason, this.#marking === undefined ? {} : { marking: this.#marking }, raw);
  }

  /** Rejects under other markings than the document's. */
  refuse(
    { index, at }: Place,
    code: string,
    reason: string,
    told: Pick<Reject, "marking" | "unknownMarking">,
    raw?: string,
  ): void {
    const reject: Reject = { index, at, code, reason: cut(reason, LONGEST_REASON), ...told };
    if (raw !== undefined && raw.length <= LONGEST_VALUE) reject.raw = raw;
    this.#events.push({ reject });
  }

  /** Under another marking it is said again: the strictest holds in the end. */
  #isNew(local: string): boolean {
    const said = this.#marking === undefined ? local : `${local}/${this.#marking.tlp}/${this.#marking.pap}`;
    if (this.#said.has(said)) return false;
    // Beyond so many, a thing that returns is given again; release merges it.
    if (!this.#holds && this.#said.size >= MOST_REMEMBERED) this.#said.clear();
    this.#said.add(said);
    return true;
  }

  #hold(local: string): void {
    if (this.#holds) this.held.add(local);
  }

  #push({ index, at }: Place, local: string, draft: object): void {
    const marking = this.#marking === undefined ? {} : { marking: this.#marking };
    this.#events.push({ draft: { ...draft, ...marking, index, at, local } as Draft });
  }
}

function cut(text: string, longest: number): string {
  return text.slice(0, longest).toWellFormed();
}
