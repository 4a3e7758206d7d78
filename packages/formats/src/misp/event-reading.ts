import type { Draft, ExternalReference, Marking, ReaderEvent, Reject } from "../draft.ts";
import type { JsonRecord } from "../json-value.ts";
import { localName } from "../local-name.ts";
import { distributionOf, distributionReason } from "./distribution.ts";

/** A place in the input: the record's number and its JSON pointer. */
export type Place = { index: number; at: string };

/** Of one event so many losses are told one by one; there may be one for every fourteen bytes of it. */
const MOST_TOLD = 1_000;
const LONGEST_FIELD = 120;
const LONGEST_REASON = 300;
/** What is longer is no value that others could name. */
const LONGEST_VALUE = 8_192;

// Omit over each member of the union, not over what they share.
type Unplaced<T> = T extends unknown ? Omit<T, "index" | "at" | "local"> : never;
type NewDraft = Unplaced<Draft>;

/** What a reject tells besides its reason. */
type Told = Pick<Reject, "marking" | "unknownMarking" | "raw">;

/** What reading one event has gathered so far: events to yield, and names by which records find each other. */
export class EventReading {
  readonly place: Place;
  readonly uuid: string;
  readonly report: string;
  /** The event's own, under which the report goes. */
  readonly marking: Marking | undefined;
  readonly #events: ReaderEvent[] = [];
  /** Locals that the report names. */
  readonly held = new Set<string>();
  /** Locals that inherit the report's marking without being named by it. */
  readonly heldSilently = new Set<string>();
  readonly references: ExternalReference[] = [];
  readonly #localOfUuid = new Map<string, string>();
  readonly #clusters = new Set<string>();
  readonly #indicators = new Map<string, string>();
  readonly #told = new Set<string>();
  #nextIndex: number;
  #lost = 0;

  constructor(place: Place, uuid: string, marking: Marking | undefined) {
    this.place = place;
    this.uuid = uuid;
    this.marking = marking;
    this.report = localName("report", `misp/${uuid}`);
    this.#nextIndex = place.index + 1;
  }

  /** All that was gathered, and the number of the record after this event. */
  finished(): { events: ReaderEvent[]; next: number } {
    const untold = this.#lost - MOST_TOLD;
    return { events: untold > 0 ? [...this.#events, { untold }] : this.#events, next: this.#nextIndex };
  }

  /** The next record. */
  record(at: string): Place {
    return { index: this.#nextIndex++, at };
  }

  /** Adds a draft that the report holds, under a name of its own. */
  draft(place: Place, type: string, name: string, draft: NewDraft, marking?: Marking): string {
    const local = localName(type, `misp/${this.uuid}/${name}`);
    this.addNamed(place, local, { ...draft, ...(marking && { marking }) });
    this.held.add(local);
    return local;
  }

  addNamed({ index, at }: Place, local: string, draft: NewDraft): void {
    this.#events.push({ draft: { ...draft, index, at, local } as Draft });
  }

  /** A cluster is one object however many records name it. */
  /** Under the marking of where it stands first: that of an attribute, or of the event (which marks all in it). */
  cluster(place: Place, local: string, object: Record<string, unknown>, marking?: Marking): void {
    this.held.add(local);
    if (this.#clusters.has(local)) return;
    this.#clusters.add(local);
    this.addNamed(place, local, { kind: "object", object, ...(marking && { marking }) });
  }

  relate(
    place: Place,
    type: string,
    source: string,
    target: string,
    description?: string,
    marking?: Marking,
  ): void {
    const object = {
      type: "relationship",
      spec_version: "2.1",
      relationship_type: type,
      source_ref: source,
      target_ref: target,
      ...(description !== undefined && { description }),
    };
    this.draft(place, "relationship", `${source}>${type}>${target}`, { kind: "object", object }, marking);
  }

  note(
    place: Place,
    name: string,
    note: { content: string; abstract?: string | undefined },
    marking?: Marking,
  ): void {
    const local = localName("note", `misp/${this.uuid}/${name}`);
    const object = {
      type: "note",
      spec_version: "2.1",
      ...(note.abstract !== undefined && { abstract: note.abstract }),
      content: note.content,
      object_refs: [this.report],
    };
    this.addNamed(place, local, { kind: "object", object, ...(marking && { marking }) });
    this.heldSilently.add(local);
  }

  lose(at: string, field: string, reason: string): void {
    this.#lost += 1;
    if (this.#lost > MOST_TOLD) return;
    // Names and values of the input stand in them, and one object's name in the losses of all its attributes.
    const short = { field: cut(field, LONGEST_FIELD), reason: cut(reason, LONGEST_REASON) };
    this.#events.push({ loss: { index: this.place.index, at, ...short } });
  }

  /** Said once of an event, however many of its records it is true of. */
  loseOnce(field: string, reason: string): void {
    if (this.#told.has(field)) return;
    this.#told.add(field);
    this.lose(`${this.place.at}/${field}`, field, reason);
  }

  reject({ index, at }: Place, code: string, reason: string, { raw, ...told }: Told = {}): void {
    const value = raw !== undefined && raw.length <= LONGEST_VALUE ? { raw } : {};
    this.#events.push({
      reject: { index, at, code, reason: cut(reason, LONGEST_REASON), ...told, ...value },
    });
  }

  /** A record that is distributed otherwise than what it stands in. */
  loseDistribution(record: JsonRecord, at: string, around: string | undefined): void {
    const own = distributionOf(record);
    if (own === undefined || own === around) return;
    this.lose(`${at}/distribution`, "distribution", distributionReason(own, around !== undefined));
  }

  /** A thing and the indicator that looks for it. */
  isLookedForBy(local: string, indicator: string): void {
    this.#indicators.set(local, indicator);
  }

  /** What a sighting of it is of. */
  indicatorOf(local: string): string {
    return this.#indicators.get(local) ?? local;
  }

  remember(uuid: string | undefined, local: string): void {
    if (uuid !== undefined && !this.#localOfUuid.has(uuid)) this.#localOfUuid.set(uuid, local);
  }

  localOf(uuid: string | undefined): string | undefined {
    return uuid === undefined ? undefined : this.#localOfUuid.get(uuid);
  }
}

function cut(text: string, longest: number): string {
  return text.slice(0, longest).toWellFormed();
}
