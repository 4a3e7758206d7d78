import { createHash, hash } from "node:crypto";
import { referencesOf, stricterTlp, type Tlp, uuidv5 } from "@suar/stix";
import { listOf, textOf } from "../../json-value.ts";
import { validityOf } from "../validity.ts";
import type { ExportItem } from "../writer.ts";
import { LEVEL } from "./tags.ts";

const NAMESPACE = "c0c6d3a1-8d8e-4a86-9d0b-2f1a4a6f0b59";
/** An event is written as a whole, and held meanwhile: what is more is a further part of it. */
const MOST = { items: 2_000, bytes: 8 * 1024 * 1024, deleted: 20_000, gone: 20_000, name: 400 };

/** An event as it will be written: whose, of what, and which entries of the log are in it. */
export type PlannedEvent = {
  readonly uuid: string;
  readonly producer: string;
  readonly tlp: Tlp;
  /** The report, grouping or incident that it is; undefined for what a producer said of a day. */
  readonly container: string | undefined;
  readonly info: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly labels: readonly string[];
  /** When it changed last, in Unix seconds. */
  readonly changed: number;
  readonly seqs: readonly number[];
  /** Ids of what was in it and is taken back: MISP is told so. */
  readonly deleted: readonly string[];
};

/** What was taken back, as its reader is told: under its old place in the log, and where the log tells it. */
export type GoneItem = Pick<ExportItem, "producer" | "tlp" | "at" | "seq"> & {
  id: string;
  isOldPlace: boolean;
};

type Building = Omit<PlannedEvent, "seqs" | "changed" | "uuid" | "deleted"> & {
  name: string;
  changed: number;
  entries: { seq: number; bytes: number }[];
  /** Where the report itself is logged: without it no part is written. */
  own: number[];
  /** When each was taken back or over, in Unix seconds. */
  deleted: Map<string, number>;
  /** It has something that others are said of: words about nothing make no event. */
  holds: boolean;
};

/** What a producer said of a day, until it is known which reports name it. `gone`: its id, where it is over. */
type Day = {
  event: Building;
  seq: number;
  bytes: number;
  at: number;
  marks: readonly number[];
  isWord: boolean;
  gone: string | undefined;
};

const CONTAINERS: ReadonlySet<string> = new Set(["report", "grouping", "incident"]);
const NO_CONTENT: ReadonlySet<string> = new Set(["marking-definition", "extension-definition"]);
const WORDS: ReadonlySet<string> = new Set(["relationship", "sighting", "opinion", "observed-data"]);

/**
 * How releases become events: what a report, a grouping or an incident names is in its event; all else is in one of its
 * producer, its day and its TLP. What says something of another object is where that is. Nothing is in an event that is
 * marked less strictly: MISP hands on an event as a whole. An event keeps its UUID as long as there is a thing in it, and its
 * time until something in it changes. Of each entry two numbers are held, and no content.
 */
export class EventPlan {
  readonly #now: number;
  readonly #view: string;
  readonly #exercise: string;
  readonly #events = new Map<string, Building>();
  /** By the mark of a producer's id: the event that names it. The first that does has it. */
  readonly #named = new Map<number, Building>();
  readonly #days: Day[] = [];
  readonly #oldPlaces = new Map<number, Set<Building>>();
  readonly #gone: GoneItem[] = [];

  /** `view` names whose events they are and by which filter: what a day holds is another thing for each. */
  constructor(now: number, view: string, exercise: string | undefined) {
    this.#now = now;
    this.#view = view;
    // A drill may tell of the very report that is real: a MISP that takes both has two events.
    this.#exercise = exercise === undefined ? "" : `${exercise} `;
  }

  add(item: ExportItem): void {
    const { object, seq, body, producer, at } = item;
    if (NO_CONTENT.has(object.type)) return;
    const bytes = body.length;
    const end = endOf(item, this.#now);
    if (CONTAINERS.has(object.type) && end === undefined) {
      const event = this.#containerEvent(item);
      event.entries.push({ seq, bytes });
      event.own.push(seq);
      event.holds = true;
      touch(event, secondsOf(at));
      const own = markOf(producer, object.id);
      this.#named.set(own, event);
      for (const { id } of referencesOf(object).filter(({ path }) => path.startsWith("/object_refs"))) {
        const mark = markOf(producer, id);
        if (!this.#named.has(mark)) this.#named.set(mark, event);
      }
      return;
    }
    const marks = [object.id, ...aboutWhat(object)].map((id) => markOf(producer, id));
    const event = this.#dayEvent(item);
    const gone = end === undefined ? undefined : object.id;
    const isWord = WORDS.has(object.type);
    this.#days.push({ event, seq, bytes, at: end ?? changedAt(item, this.#now), marks, isWord, gone });
  }

  addGone(gone: GoneItem): void {
    if (gone.isOldPlace) this.#addOldPlace(gone);
    else if (this.#gone.push(gone) > MOST.gone) this.#gone.shift();
  }

  /** In the order in which the first of each was logged. */
  events(): PlannedEvent[] {
    for (const { event: day, seq, bytes, at, marks, isWord, gone } of this.#days.splice(0)) {
      const event = marks.flatMap((mark) => this.#namedFor(mark, day.tlp) ?? [])[0] ?? day;
      if (gone === undefined) {
        event.entries.push({ seq, bytes });
        event.holds ||= !isWord;
      } else tell(event, gone, at);
      touch(event, at);
    }
    for (const { producer, id, tlp, at } of this.#gone.splice(0)) {
      const mark = markOf(producer, id);
      for (const event of [this.#namedFor(mark, tlp) ?? [], ...(this.#oldPlaces.get(mark) ?? [])].flat()) {
        tell(event, id, secondsOf(at));
        touch(event, secondsOf(at));
      }
    }
    const standing = [...this.#events.values()].filter(({ entries, holds }) => holds && entries.length > 0);
    for (const { entries } of standing) entries.sort((a, b) => a.seq - b.seq);
    standing.sort((a, b) => (a.entries[0]?.seq ?? 0) - (b.entries[0]?.seq ?? 0));
    return standing.flatMap(partsOf);
  }

  /** The event of a report that names it, where that is marked as strictly at least. */
  #namedFor(mark: number, tlp: Tlp): Building | undefined {
    const named = this.#named.get(mark);
    return named !== undefined && stricterTlp(named.tlp, tlp) === named.tlp ? named : undefined;
  }

  #addOldPlace(gone: GoneItem): void {
    const mark = markOf(gone.producer, gone.id);
    const places = this.#oldPlaces.get(mark) ?? new Set();
    this.#oldPlaces.set(mark, places.add(this.#dayEvent(gone)));
  }

  #containerEvent({ object, producer, tlp, at }: ExportItem): Building {
    const labels = listOf(object.labels).filter((one): one is string => typeof one === "string");
    const info = (textOf(object.name) ?? object.id).slice(0, MOST.name).toWellFormed();
    const date = dayOf(textOf(object.published) ?? textOf(object.created) ?? at);
    const about = { producer, tlp, container: object.id, info, date };
    return this.#event(`${this.#exercise}${producer} ${object.id}`, {
      ...about,
      labels: labels.filter((one) => LEVEL.test(one)),
    });
  }

  #dayEvent({ producer, tlp, at }: Pick<ExportItem, "producer" | "tlp" | "at">): Building {
    const date = dayOf(at);
    const info = `${producer}, ${date}, TLP:${tlp.toUpperCase()}`;
    const about = { producer, tlp, container: undefined, info, date, labels: [] };
    return this.#event(`${this.#view} ${producer} ${date} ${tlp}`, about);
  }

  #event(
    name: string,
    about: Omit<Building, "name" | "changed" | "entries" | "own" | "deleted" | "holds">,
  ): Building {
    const known = this.#events.get(name);
    if (known !== undefined) return known;
    const deleted = new Map<string, number>();
    const event: Building = { ...about, name, changed: 0, entries: [], own: [], deleted, holds: false };
    this.#events.set(name, event);
    return event;
  }
}

/** What makes the plan that it is: the same events with the same in them. */
export function tagOfPlan(events: readonly PlannedEvent[], ...of: readonly string[]): string {
  const digest = createHash("sha256").update(JSON.stringify(of));
  for (const event of events) digest.update(`\n${JSON.stringify(event)}`);
  return digest.digest("base64url");
}

function touch(event: Building, seconds: number): void {
  if (seconds > event.changed) event.changed = seconds;
}

function tell({ deleted }: Building, id: string, at: number): void {
  deleted.set(id, Math.max(at, deleted.get(id) ?? 0));
}

/** Of more than an event may tell, the latest: who pulls now and then has been told the others. */
function toldOf(deleted: Building["deleted"]): string[] {
  if (deleted.size <= MOST.deleted) return [...deleted.keys()];
  const latest = [...deleted].sort(([, a], [, b]) => b - a).slice(0, MOST.deleted);
  return latest.map(([id]) => id);
}

function partsOf({ name, entries, own, deleted, holds: _, ...event }: Building): PlannedEvent[] {
  const told = toldOf(deleted);
  const parts: number[][] = [];
  let [part, bytes] = [[] as number[], 0];
  for (const entry of entries) {
    if (part.length === 0 || part.length >= MOST.items || bytes + entry.bytes > MOST.bytes) {
      part = [];
      parts.push(part);
      bytes = 0;
    }
    part.push(entry.seq);
    bytes += entry.bytes;
  }
  return parts.map((seqs, at) => ({
    ...event,
    uuid: uuidv5(NAMESPACE, at === 0 ? name : `${name} ${at}`),
    info: at === 0 ? event.info : `${event.info} (part ${at + 1})`,
    seqs: [...new Set([...seqs, ...own])].sort((a, b) => a - b),
    deleted: told,
  }));
}

/** From when on it is no more of use, where it is so at this moment: it is not in its event, and that is a change. */
function endOf({ object, at }: ExportItem, now: number): number | undefined {
  if (validityOf(object, now) !== "over") return undefined;
  const until = object.revoked === true ? Number.NaN : Date.parse(String(object.valid_until));
  return Math.max(secondsOf(at), Number.isNaN(until) ? 0 : Math.floor(until / 1_000));
}

/** What begins while it stands changes then: devices may act upon it from that moment on. */
function changedAt({ object, at }: ExportItem, now: number): number {
  const from = Date.parse(String(object.valid_from));
  return Math.max(secondsOf(at), from <= now ? Math.floor(from / 1_000) : 0);
}

/** What an object says something about, if about another. */
function aboutWhat(object: ExportItem["object"]): string[] {
  const { source_ref: source, target_ref: target, sighting_of_ref: sighted, object_refs: about } = object;
  return [source, target, sighted, ...listOf(about).slice(0, 1)].filter((id) => typeof id === "string");
}

/** Of 52 bits: who finds two of its own with the same puts one of them into the other's event. */
function markOf(producer: string, id: string): number {
  return Number.parseInt(hash("sha256", `${producer} ${id}`, "hex").slice(0, 13), 16);
}

function secondsOf(at: string): number {
  return Math.floor(Date.parse(at) / 1_000);
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}
