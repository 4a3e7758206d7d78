import type { ReaderEvent } from "../draft.ts";
import { FormatError, WHOLE } from "../format-error.ts";
import { isJsonRecord, type JsonRecord, textOf } from "../json-value.ts";
import type { JsonItem } from "../split-json.ts";
import { toldOf } from "../stricter-marking.ts";
import { membersOf, underKnownNames } from "./fields.ts";
import { readEvent } from "./read-event.ts";
import { markedWithin } from "./tags.ts";

const LONGEST_NAME = 120;
const MOST_LISTED = 100_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

type Found = { event: JsonRecord; at: string };

/** The events of all that was sent, numbered through, and what a feed's manifest says of events that it has not. */
export class FeedReading {
  #next = 0;
  #events = 0;
  readonly #listed = new Map<string, string>();
  readonly #seen = new Set<string>();
  #refused = 0;

  get events(): number {
    return this.#events;
  }

  /** One JSON value of a file: an event, several, a manifest, or nothing of MISP's. */
  *take({ at, value, inList }: JsonItem, file: string): Generator<ReaderEvent> {
    const base = file === "" ? at : `${file.slice(0, LONGEST_NAME)}#${at}`;
    if (isManifest(value)) {
      this.#list(value);
      return;
    }
    const found = eventsOf(value, base);
    if (found.length === 0 && (inList || file !== "")) {
      this.#refused += 1;
      yield {
        reject: {
          index: this.#next++,
          at: base,
          code: "not-an-event",
          reason: "Not a MISP event",
          ...toldOf(markedWithin(value)),
        },
      };
    }
    for (const { event, at: place } of found) {
      this.#events += 1;
      this.#see(event);
      const { events, next } = readEvent(event, { index: this.#next, at: place });
      this.#next = next;
      yield* events;
      yield { unitEnds: [] };
    }
  }

  /** A file that holds no events. A feed's list of hashes repeats what its events say. */
  *passOver(file: string): Generator<ReaderEvent> {
    if (/(?:^|\/)hashes\.csv$/i.test(file)) return;
    const at = file.slice(0, LONGEST_NAME);
    yield {
      loss: { index: Math.max(0, this.#next - 1), at, field: at, reason: "Not a file of a MISP feed" },
    };
  }

  /** What the manifest lists and nothing that was sent holds. */
  *finish(): Generator<ReaderEvent> {
    if (this.#events === 0) return;
    for (const [uuid, info] of this.#listed) {
      if (this.#seen.has(uuid)) continue;
      const reason = `The manifest lists it, and it was not sent: ${info.slice(0, 80)}`;
      yield { loss: { index: this.#next - 1, at: `manifest.json#/${uuid}`, field: "Event", reason } };
    }
  }

  /** Why nothing of it is an event. */
  nothing(): FormatError {
    return this.#listed.size > 0 && this.#refused === 0
      ? new FormatError(
          "empty",
          "A feed's manifest lists events and holds none: send the events with it",
          "manifest.json",
        )
      : new FormatError("not-a-bundle", "No MISP event in it", WHOLE);
  }

  #list(manifest: JsonRecord): void {
    for (const [uuid, entry] of Object.entries(manifest)) {
      if (this.#listed.size >= MOST_LISTED)
        throw new FormatError("too-large", `A manifest of more than ${MOST_LISTED} events`, "manifest.json");
      this.#listed.set(uuid.toLowerCase(), (isJsonRecord(entry) && textOf(entry.info)) || "");
    }
  }

  #see(event: JsonRecord): void {
    const uuid = textOf(event.uuid);
    if (uuid !== undefined && this.#seen.size < MOST_LISTED) this.#seen.add(uuid.toLowerCase());
  }
}

/** A feed's manifest: what its events are called, by their UUIDs. */
function isManifest(value: unknown): value is JsonRecord {
  if (!isJsonRecord(value)) return false;
  const keys = Object.keys(value);
  return (
    keys.length > 0 && keys.every((key) => UUID.test(key)) && keys.every((key) => isJsonRecord(value[key]))
  );
}

function eventsOf(value: unknown, at: string): Found[] {
  if (Array.isArray(value)) return value.flatMap((one, position) => eventsOf(one, `${at}/${position}`));
  if (!isJsonRecord(value)) return [];
  const record = underKnownNames(value);
  if (record.response !== undefined) return eventsOf(record.response, `${at}/response`);
  if (record.Event !== undefined && record.type === undefined)
    return membersOf(record.Event).flatMap(({ value: event, key }) =>
      isJsonRecord(event)
        ? [{ event, at: Array.isArray(record.Event) ? `${at}/Event/${key}` : `${at}/Event` }]
        : [],
    );
  if (record.info !== undefined) return [{ event: record, at }];
  return membersOf(record.Attribute).length > 0 ? ofAttributes(record, at) : [];
}

/** What a search for attributes answers: each names its event, which is not there but for its title. */
function ofAttributes({ Attribute }: JsonRecord, at: string): Found[] {
  const members = membersOf(Attribute).map(({ value }) => value);
  const [first] = members.filter(isJsonRecord);
  const event = isJsonRecord(first?.Event) ? first.Event : {};
  const isOne = members.every(
    (one) => isJsonRecord(one) && isJsonRecord(one.Event) && one.Event.uuid === event.uuid,
  );
  const own = isOne ? event : {};
  return [{ event: { info: "Attributes of MISP", ...own, Attribute }, at }];
}
