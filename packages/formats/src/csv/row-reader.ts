import { classifyValue, type ObservableKind, type Pap, parsePap, parseTlp, type Tlp } from "@suar/stix";
import type { Marking, ReaderEvent, ValueDetails } from "../draft.ts";
import { timestampFromText } from "../timestamp-text.ts";
import { isTelling, kindAmong, kindsNamed } from "../value-kind.ts";
import type { Role } from "./header.ts";
import type { Layout } from "./layout.ts";
import type { Row } from "./rows.ts";

const LONGEST_VALUE = 8_192;
const LONGEST_TEXT = 5_000;
const MOST_LABELS = 50;

type Told =
  | { ok: true; value: { kind: ObservableKind; raw: string }; port?: string }
  | { ok: false; code: string; reason: string };

/** Reads rows of one table. Remembers what it has said once, so that a column is lost once and not per row. */
export class RowReader {
  readonly #layout: Layout;
  readonly #markings = new Map<string, Marking | undefined>();
  readonly #told = new Set<Role>();

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** What the table holds that no row can carry. */
  losses(): ReaderEvent[] {
    return this.#layout.unmapped.map(({ at, name }) => ({
      loss: {
        index: 0,
        at: "line 1",
        field: name === "" ? `column ${at + 1}` : name,
        reason: "No place for this column",
      },
    }));
  }

  read({ line, cells }: Row, index: number, into: ReaderEvent[]): void {
    const at = `line ${line}`;
    const refuse = (code: string, reason: string): void => {
      into.push({ reject: { index, at, code, reason } });
    };
    const marking = this.#markingOf(cells);
    if (marking === undefined) {
      refuse("unknown-marking", "No TLP or PAP level that is known");
      return;
    }
    const details = this.#detailsOf(cells, index, at, into);
    let values = 0;
    for (const { at: column, column: told } of this.#layout.values) {
      const raw = (cells[column] ?? "").trim();
      if (raw === "") continue;
      values += 1;
      const found = this.#valueOf(raw, told.kinds, cells);
      if (!found.ok) refuse(found.code, found.reason);
      else {
        const own =
          found.port === undefined
            ? details
            : { ...details, description: joined([details.description, `Port ${found.port}`]) };
        into.push({
          draft: {
            kind: "value",
            index,
            at,
            value: found.value,
            as: "indicator",
            details: own,
            ...(marking !== UNMARKED && { marking }),
          },
        });
      }
    }
    if (values === 0) refuse("not-an-indicator", "No value in this row");
  }

  #valueOf(raw: string, byColumn: readonly ObservableKind[] | undefined, cells: readonly string[]): Told {
    if (raw.length > LONGEST_VALUE)
      return { ok: false, code: "too-long", reason: `More than ${LONGEST_VALUE} characters` };
    const typeColumn = this.#layout.places.type;
    const said = typeColumn === undefined ? undefined : kindsNamed(cells[typeColumn] ?? "");
    const kind = said === undefined ? kindIn(raw, byColumn) : kindAmong(raw, said);
    if (kind !== undefined) return { ok: true, value: { kind, raw } };
    const withPort = /^(.+?)\]?:(\d{1,5})$/.exec(raw);
    const host = withPort?.[1]?.replace(/^\[(?!\.)/, "");
    const hostKind = host === undefined ? undefined : classifyValue(host);
    if (host !== undefined && (hostKind === "ipv4" || hostKind === "ipv6" || hostKind === "domain")) {
      return {
        ok: true,
        value: { kind: hostKind, raw: host },
        ...(withPort?.[2] !== undefined && { port: withPort[2] }),
      };
    }
    return {
      ok: false,
      code: "not-an-indicator",
      reason: `Not a domain, address, URL, hash or the like: ${raw.slice(0, 80)}`,
    };
  }

  #markingOf(cells: readonly string[]): Marking | undefined {
    const { tlp, pap } = this.#layout.places;
    if (tlp === undefined && pap === undefined) return UNMARKED;
    const written = `${tlp === undefined ? "" : (cells[tlp] ?? "")}\n${pap === undefined ? "" : (cells[pap] ?? "")}`;
    if (!this.#markings.has(written)) {
      if (this.#markings.size > 100) this.#markings.clear();
      this.#markings.set(written, readMarking(written));
    }
    return this.#markings.get(written);
  }

  #detailsOf(cells: readonly string[], index: number, at: string, into: ReaderEvent[]): ValueDetails {
    const { places, descriptions, labels } = this.#layout;
    const details: ValueDetails = {};
    const cell = (role: Role): string | undefined => {
      const place = places[role];
      return place === undefined ? undefined : cells[place]?.trim() || undefined;
    };
    const name = cell("name");
    if (name !== undefined) details.name = name.slice(0, LONGEST_TEXT).toWellFormed();
    const description = joined(descriptions.map((place) => cells[place]?.trim()));
    if (description !== undefined) details.description = description;
    const tags = labelsOf(labels, cells);
    if (tags.length > 0) details.labels = tags;
    const read = <T>(role: Role, parse: (text: string) => T | undefined): T | undefined => {
      const text = cell(role);
      const value = text === undefined ? undefined : parse(text);
      if (text !== undefined && value === undefined) this.#loseOnce(role, text, index, at, into);
      return value;
    };
    const confidence = read("confidence", confidenceFrom);
    if (confidence !== undefined) details.confidence = confidence;
    const firstSeen = read("first-seen", timestampFromText);
    if (firstSeen !== undefined) details.firstSeen = firstSeen;
    const validFrom = read("valid-from", timestampFromText);
    if (validFrom !== undefined) details.validFrom = validFrom;
    const validUntil = read("valid-until", timestampFromText);
    if (validUntil !== undefined) details.validUntil = validUntil;
    return details;
  }

  #loseOnce(role: Role, text: string, index: number, at: string, into: ReaderEvent[]): void {
    if (this.#told.has(role)) return;
    this.#told.add(role);
    const reason = `Not understood (first here: ${text.slice(0, 40)}); such cells are left out`;
    into.push({ loss: { index, at, field: role, reason } });
  }
}

const UNMARKED: Marking = {};

/** Nothing for a level that is not known: the row must not go out under a laxer one. */
function readMarking(written: string): Marking | undefined {
  const [tlpText = "", papText = ""] = written.split("\n").map((text) => text.trim());
  const tlp: Tlp | undefined = tlpText === "" ? undefined : parseTlp(tlpText);
  const pap: Pap | undefined = papText === "" ? undefined : parsePap(papText);
  if ((tlpText !== "" && tlp === undefined) || (papText !== "" && pap === undefined)) return undefined;
  return tlp === undefined && pap === undefined ? UNMARKED : { ...(tlp && { tlp }), ...(pap && { pap }) };
}

// A value that shows what it is need not agree with its column's name; a file name or a mutex cannot.
function kindIn(raw: string, byColumn: readonly ObservableKind[] | undefined): ObservableKind | undefined {
  if (byColumn === undefined) return classifyValue(raw);
  const [only] = byColumn;
  if (only !== undefined && byColumn.length === 1 && !isTelling(only)) return only;
  const shown = classifyValue(raw);
  if (shown !== undefined && (byColumn.includes(shown) || isTelling(shown))) return shown;
  return undefined;
}

function labelsOf(places: readonly number[], cells: readonly string[]): string[] {
  if (places.length === 0) return [];
  const labels = places
    .flatMap((place) => (cells[place] ?? "").split(/[,;|]/))
    .map((label) => label.trim().slice(0, 200).toWellFormed());
  return [...new Set(labels.filter((label) => label !== ""))].slice(0, MOST_LABELS);
}

function joined(parts: readonly (string | undefined)[]): string | undefined {
  const text = parts.filter((part) => part !== undefined && part !== "").join("\n");
  return text === "" ? undefined : text.slice(0, LONGEST_TEXT).toWellFormed();
}

/** STIX 2.1 Appendix A, the None/Low/Med/High scale, or a number. */
const WORDS: Readonly<Record<string, number>> = {
  none: 0,
  low: 15,
  medium: 50,
  med: 50,
  moderate: 50,
  high: 85,
};

function confidenceFrom(text: string): number | undefined {
  const word = WORDS[text.toLowerCase()];
  if (word !== undefined) return word;
  const match = /^(\d{1,3}(?:\.\d+)?)\s*%?$/.exec(text);
  if (match === null) return undefined;
  const value = Number(match[1]) * (text.includes(".") && Number(match[1]) <= 1 ? 100 : 1);
  return value <= 100 ? Math.round(value) : undefined;
}
