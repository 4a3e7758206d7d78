import { isJsonRecord, type JsonRecord } from "./json-value.ts";
import type { Place, ReportReading } from "./report-reading.ts";

/** A field of this many characters is no text that an object could hold. */
const LONGEST_TEXT = 100_000;

/**
 * The fields of one record of a document. What is read of them is remembered, so that `rest()` can tell of all that
 * was not: a field that nobody carries, and one of another type than it should have, are losses that name it.
 */
export class Fields {
  readonly at: string;
  readonly #record: JsonRecord;
  readonly #place: Place;
  readonly #reading: ReportReading;
  readonly #read = new Set<string>();

  constructor(record: JsonRecord, at: string, place: Place, reading: ReportReading) {
    this.#record = record;
    this.at = at;
    this.#place = place;
    this.#reading = reading;
  }

  /** A text, trimmed; numbers and switches as they are written. */
  text(name: string): string | undefined {
    const value = this.#take(name);
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    if (typeof value !== "string") return this.#wrong(name, value, "a text");
    const text = value.trim();
    if (text.length > LONGEST_TEXT) this.lose(name, `Cut after ${LONGEST_TEXT} characters`);
    return text === "" ? undefined : text.slice(0, LONGEST_TEXT).toWellFormed();
  }

  /** The texts of a list; one that stands alone is a list of one. */
  texts(name: string): string[] {
    const value = this.#take(name);
    const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
    return list.flatMap((one, position) => {
      if (typeof one === "string" && one.trim() !== "")
        return [one.trim().slice(0, LONGEST_TEXT).toWellFormed()];
      this.#wrong(`${name}/${position}`, one, "a text");
      return [];
    });
  }

  /** A record within it; where there is none, one without fields. */
  inner(name: string): Fields {
    const value = this.#take(name);
    if (!isJsonRecord(value)) this.#wrong(name, value, "an object");
    return new Fields(isJsonRecord(value) ? value : {}, `${this.at}/${name}`, this.#place, this.#reading);
  }

  /** The records of a list, each at its own place. */
  *each(name: string): Generator<Fields> {
    const value = this.#take(name);
    if (!Array.isArray(value)) return void this.#wrong(name, value, "a list");
    for (const [position, one] of value.entries()) {
      const at = `${this.at}/${name}/${position}`;
      if (isJsonRecord(one)) yield new Fields(one, at, this.#place, this.#reading);
      else this.#reading.lose({ ...this.#place, at }, name, "Not an object");
    }
  }

  /** What is there as it is, whatever its type. */
  raw(name: string): unknown {
    return this.#take(name);
  }

  /** All of it as it is: what is taken of it here is not told of by `rest()`, nor kept from it. */
  get whole(): JsonRecord {
    return this.#record;
  }

  has(name: string): boolean {
    return this.#record[name] !== undefined && this.#record[name] !== null;
  }

  names(): string[] {
    return Object.keys(this.#record);
  }

  /** A field that is known and not carried. */
  drop(name: string, reason: string): void {
    if (this.#take(name) !== undefined) this.lose(name, reason);
  }

  lose(name: string, reason: string): void {
    this.#reading.lose({ ...this.#place, at: `${this.at}/${name}` }, name, reason);
  }

  /** Loses every field that was not read. */
  rest(reason: string): void {
    for (const name of Object.keys(this.#record)) if (!this.#read.has(name)) this.lose(name, reason);
  }

  #take(name: string): unknown {
    this.#read.add(name);
    return this.#record[name];
  }

  #wrong(name: string, value: unknown, wanted: string): undefined {
    if (value !== undefined && value !== null && value !== "") this.lose(name, `Not ${wanted}`);
    return undefined;
  }
}
