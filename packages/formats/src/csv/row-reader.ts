import type { Marking, ReaderEvent, Reject, ValueDetails, ValueDraft } from "../draft.ts";
import { remembered } from "../remembered.ts";
import { type Marked, toldOf } from "../stricter-marking.ts";
import { timestampFromText } from "../timestamp-text.ts";
import { isKindNamed, joined, LONGEST_VALUE, readConfidence, readLabels, readValue } from "./cell.ts";
import type { Role } from "./header.ts";
import type { Layout } from "./layout.ts";
import { readRowMarking } from "./row-marking.ts";
import type { Row } from "./rows.ts";

type At = { index: number; at: string };

/** Reads rows of one table. Remembers what it has said once, so that a column is lost once and not per row. */
export class RowReader {
  readonly #layout: Layout;
  readonly #told = new Set<string>();
  readonly #timestamp = remembered(timestampFromText);

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** What the table holds that no row can carry. */
  losses(): ReaderEvent[] {
    return this.#layout.unmapped.map(({ at, name }) => {
      const field = name === "" ? `column ${at + 1}` : name;
      return { loss: { index: 0, at: "line 1", field, reason: "No place for this column" } };
    });
  }

  read({ line, cells }: Row, index: number, into: ReaderEvent[]): void {
    const at = `line ${line}`;
    const marked = readRowMarking(cells, this.#layout);
    if (marked.unknown.length > 0) {
      this.#refuse(cells, { index, at }, marked, into);
      return;
    }
    const details = this.#detailsOf(cells, index, at, into);
    this.#loseBeyond(cells, index, at, into);
    this.#readValues(cells, details, { index, at }, marked, into);
  }

  #readValues(
    cells: readonly string[],
    details: ValueDetails,
    place: At,
    marked: Marked,
    into: ReaderEvent[],
  ): void {
    const type = this.#typeOf(cells, place, into);
    const said = saidOf(cells, this.#layout.said);
    let found = false;
    for (const { at: column, column: told } of this.#layout.values) {
      const raw = cellOf(cells, column);
      if (raw === "") continue;
      found = true;
      const cell = readValue(raw, type, told.kinds);
      if (cell.ok) into.push(draftOf(cell, { ...place, ...said }, marked.marking, details));
      else
        into.push({
          reject: { ...place, code: cell.code, reason: cell.reason, ...toldOf(marked), ...rawOf(raw) },
        });
    }
    if (found) return;
    const reason = "No value in this row";
    into.push({ reject: { ...place, code: "not-an-indicator", reason, ...toldOf(marked) } });
  }

  /** A level that is not known: the row must not go out under a laxer one, nor any of its values. */
  #refuse(cells: readonly string[], place: At, marked: Marked, into: ReaderEvent[]): void {
    const reason = `No TLP or PAP level that is known: ${marked.unknown.slice(0, 5).join(", ")}`;
    const reject: Reject = { ...place, code: "unknown-marking", reason, ...toldOf(marked) };
    const values = this.#layout.values.map(({ at }) => cellOf(cells, at)).filter((raw) => raw !== "");
    if (values.length === 0) into.push({ reject });
    for (const raw of values) into.push({ reject: { ...reject, ...rawOf(raw) } });
  }

  /** What the row's type column says; a word for no kind that is known counts for nothing. */
  #typeOf(cells: readonly string[], place: At, into: ReaderEvent[]): string | undefined {
    const said = cellOf(cells, this.#layout.places.type);
    if (said === "") return undefined;
    if (!isKindNamed(said)) this.#loseOnce("type", "Not understood", said, place, into);
    return said;
  }

  #detailsOf(cells: readonly string[], index: number, at: string, into: ReaderEvent[]): ValueDetails {
    const { places, descriptions, labels } = this.#layout;
    const details: ValueDetails = {};
    const name = joined([cellOf(cells, places.name)]);
    if (name !== undefined) details.name = name;
    const description = joined(descriptions.map((place) => cellOf(cells, place)));
    if (description !== undefined) details.description = description;
    const tags = labels.flatMap((place) => readLabels(cellOf(cells, place)));
    if (tags.length > 0) details.labels = labels.length > 1 ? [...new Set(tags)] : tags;
    const read = <T>(role: Role, parse: (text: string) => T | undefined): T | undefined => {
      const text = cellOf(cells, places[role]);
      if (text === "") return undefined;
      const value = parse(text);
      if (value === undefined) this.#loseOnce(role, "Not understood", text, { index, at }, into);
      return value;
    };
    const confidence = read("confidence", readConfidence);
    if (confidence !== undefined) details.confidence = confidence;
    const firstSeen = read("first-seen", this.#timestamp);
    if (firstSeen !== undefined) details.firstSeen = firstSeen;
    const validFrom = read("valid-from", this.#timestamp);
    if (validFrom !== undefined) details.validFrom = validFrom;
    const validUntil = read("valid-until", this.#timestamp);
    if (validUntil !== undefined) details.validUntil = validUntil;
    return details;
  }

  /** An unquoted delimiter in a text makes more cells of it than there are columns. */
  #loseBeyond(cells: readonly string[], index: number, at: string, into: ReaderEvent[]): void {
    const { width } = this.#layout;
    if (cells.length <= width) return;
    const beyond = cells.slice(width).find((cell) => cell.trim() !== "");
    if (beyond !== undefined)
      this.#loseOnce(`column ${width + 1}`, "Behind the last column", beyond, { index, at }, into);
  }

  #loseOnce(field: string, why: string, cell: string, place: At, into: ReaderEvent[]): void {
    if (this.#told.has(field)) return;
    this.#told.add(field);
    const reason = `${why} (first here: ${cell.trim().slice(0, 40)}); such cells are left out`;
    into.push({ loss: { ...place, field, reason } });
  }
}

/** An organisation's code, as Suar's tables have it, and a STIX id. */
const CODE = /^[A-Z]{2}(?::[a-z0-9][a-z0-9-]{0,40})?$/;
const ID = /^[a-z0-9-]{3,60}--[0-9a-f-]{36}$/;

function saidOf(cells: readonly string[], { by, id }: Layout["said"]): Pick<ValueDraft, "said"> {
  const [code, name] = [cellOf(cells, by), cellOf(cells, id)];
  if (!CODE.test(code)) return {};
  return { said: { by: code, ...(ID.test(name) && { id: name }) } };
}

function cellOf(cells: readonly string[], place: number | undefined): string {
  return place === undefined ? "" : (cells[place] ?? "").trim();
}

/** What is longer is no value that others could name. */
function rawOf(raw: string): Pick<Reject, "raw"> {
  return raw.length > LONGEST_VALUE ? {} : { raw };
}

function draftOf(
  { value, port }: Extract<ReturnType<typeof readValue>, { ok: true }>,
  place: At & Pick<ValueDraft, "said">,
  marking: Marking | undefined,
  details: ValueDetails,
): ReaderEvent {
  const own = port === undefined ? details : { ...details, ...portTold(details, port) };
  const draft = { kind: "value" as const, ...place, value, as: "indicator" as const, details: own };
  return { draft: marking === undefined ? draft : { ...draft, marking } };
}

function portTold({ description }: ValueDetails, port: string): { description?: string } {
  const told = joined([description, `Port ${port}`]);
  return told === undefined ? {} : { description: told };
}
