import { readRowMarking } from "../csv/row-marking.ts";
import type { Row } from "../csv/rows.ts";
import type { ReaderEvent } from "../draft.ts";
import { INCIDENT_EXTENSION } from "../incident/incident-drafts.ts";
import { isRsitType, RSIT, type RsitClass } from "../incident/rsit.ts";
import { type Place, ReportReading } from "../report-reading.ts";
import { toldOf } from "../stricter-marking.ts";
import { timestampFromText } from "../timestamp-text.ts";
import type { Match } from "./match-report.ts";
import type { ReportKind } from "./reports.ts";
import { type Cell, draftSeen, factsOf, type RowFacts } from "./row.ts";

/** Of classes that say who attacks, not who was hit: nobody in such a report is called a victim. */
const OF_ATTACKERS: ReadonlySet<string> = new Set([
  "scanner",
  "brute-force",
  "ddos",
  "blocklist",
  "malware-distribution",
  "spam",
  "masquerade",
]);

/** Whoever comes to a honeypot comes by themselves, also where the report's class does not say so. */
const IN_HONEYPOT = /^event[46]_honeypot_/;

/** A thing that rows share is said once in so many of them. */
const ROWS_A_UNIT = 1_000;

/** Reads the rows of one report. */
export class ReportRows {
  readonly #match: Match;
  readonly #reading: ReportReading;
  readonly #incident: string;
  readonly #labels: readonly string[];
  readonly #namesVictims: boolean;
  readonly #tag: readonly number[];
  readonly #told = new Set<string>();
  #rows = 0;

  constructor(match: Match, line: number, first: Row) {
    this.#match = match;
    const day = dayOf(first.cells[match.columns.indexOf("timestamp")] ?? "");
    const title = [commonTitle(match.kinds), ...day].join(", ");
    const rsit = rsitOf(match.kinds);
    this.#reading = new ReportReading(`shadowserver/${title}`, 1, undefined, "holds nothing");
    this.#namesVictims =
      !OF_ATTACKERS.has(rsit.split("/")[1] ?? "") && !match.kinds.some(({ name }) => IN_HONEYPOT.test(name));
    const names =
      match.kinds.length === 1 ? match.kinds.map(({ name }) => `shadowserver:report=${name}`) : [];
    this.#labels = [...names, ...(rsit === "" ? [] : [rsitLabel(rsit)])];
    this.#tag = match.columns.flatMap((column, at) => (column === "tag" ? [at] : []));
    const place = { index: 0, at: `line ${line}` };
    this.#incident = this.#reading.object(place, "incident", incidentOf(title, rsit, this.#labels));
    this.#tellDrift(place);
  }

  *read(rows: readonly Row[]): Generator<ReaderEvent> {
    for (const row of rows) {
      this.#readRow(row);
      this.#rows += 1;
      // Rows name their own things and the incident, which stands before them all.
      if (this.#rows % ROWS_A_UNIT === 0) this.#reading.endUnit([this.#incident]);
      yield* this.#reading.drained();
    }
  }

  finished(): Generator<ReaderEvent> {
    return this.#reading.finished();
  }

  #readRow({ line, cells }: Row): void {
    const place = this.#reading.record(`line ${line}`);
    const marked = readRowMarking(cells, { levels: [], labels: this.#tag });
    this.#reading.mark(marked.marking);
    if (marked.unknown.length > 0) {
      const reason = `No TLP or PAP level that is known: ${marked.unknown.slice(0, 5).join(", ")}`;
      this.#reading.refuse(place, "unknown-marking", reason, toldOf(marked));
      return;
    }
    const facts = factsOf(this.#cellsOf(cells));
    for (const { column, reason, always } of facts.lost)
      if (always) this.#loseOnce(place, column, `${reason} (the first in it)`);
      else this.#reading.lose(place, column, reason);
    if (cells.length > this.#match.columns.length)
      this.#loseOnce(place, `column ${this.#match.columns.length + 1}`, "Behind the last column");
    this.#draftRow(facts, place);
  }

  #draftRow(facts: RowFacts, place: Place): void {
    const reading = this.#reading;
    if (facts.unread !== undefined) {
      // What else the row tells would be of nobody.
      reading.reject(place, "bad-value", `No address: ${facts.unread.slice(0, 80)}`, facts.unread);
      return;
    }
    const { refs, main } = draftSeen(facts, place, reading);
    if (refs.length === 0 || facts.time === undefined) {
      const [code, reason] =
        refs.length === 0
          ? ["not-an-indicator", "No address, name, URL or file in this row"]
          : ["no-timestamp", "Observed data needs a time (STIX 2.1 §4.14)"];
      reading.reject(place, code, reason);
      return;
    }
    const until = facts.endTime !== undefined && facts.endTime > facts.time ? facts.endTime : facts.time;
    const malware = facts.malware.map((name) => `malware:${name.slice(0, 200)}`);
    const observed = {
      first_observed: facts.time,
      last_observed: until,
      number_observed: facts.count,
      object_refs: refs,
      labels: [...new Set([...this.#labels, ...facts.labels.all(), ...malware])],
    };
    // Rows that differ in anything that is carried are as many observations.
    reading.object(place, `observed/${JSON.stringify(observed)}`, { type: "observed-data", ...observed });
    if (main !== undefined && this.#namesVictims)
      reading.relate(place, { type: "impacts", source: this.#incident, target: main });
    this.#relateCauses(facts, place);
  }

  #relateCauses({ malware, vulnerabilities }: RowFacts, place: Place): void {
    const source = this.#incident;
    for (const name of new Set(malware)) {
      const target = this.#reading.object(place, name, { type: "malware", name, is_family: true });
      this.#reading.relate(place, { type: "related-to", source, target });
    }
    for (const cve of new Set(vulnerabilities.map((id) => id.toUpperCase()))) {
      const target = this.#reading.value(place, "cve", cve, "observable");
      if (target !== undefined) this.#reading.relate(place, { type: "related-to", source, target });
    }
  }

  *#cellsOf(cells: readonly string[]): Generator<Cell> {
    for (const [at, column] of this.#match.columns.entries()) {
      const text = cells[at]?.trim() ?? "";
      if (text !== "") yield { column, text };
    }
  }

  #tellDrift(place: Place): void {
    const { added, missing, renamed, kinds } = this.#match;
    const lose = (field: string, reason: string): void => this.#reading.lose(place, field, reason);
    for (const column of added) lose(column, "A column that the report's schema does not have");
    for (const column of missing) lose(column, "A column of the report's schema that is missing here");
    for (const [written, known] of renamed) lose(written, `Read as ${known}, in whose place it stands`);
    if (kinds.length > 1)
      lose("report", `Several reports have these columns: ${kinds.map(({ name }) => name).join(", ")}`);
  }

  /** A column is lost once, and not for each row. */
  #loseOnce(place: Place, column: string, reason: string): void {
    if (this.#told.has(column)) return;
    this.#told.add(column);
    this.#reading.lose(place, column, reason);
  }
}

/** What all of the candidates say; `class/` where they agree on no more. */
function rsitOf(kinds: readonly ReportKind[]): string {
  const [first = "", ...others] = [...new Set(kinds.map(({ rsit }) => rsit))];
  return others.length === 0 ? first : "";
}

function rsitLabel(rsit: string): string {
  const [rsitClass = "", type = ""] = rsit.split("/");
  return `rsit:${rsitClass}="${type}"`;
}

/** The day of a report, which comes daily: that of its first row. */
function dayOf(timestamp: string): string[] {
  const time = timestampFromText(timestamp);
  return time === undefined ? [] : [time.slice(0, 10)];
}

function commonTitle(kinds: readonly ReportKind[]): string {
  const titles = kinds.map(({ title }) => title);
  return `Shadowserver: ${titles.slice(0, 4).join(" / ")}`;
}

function incidentOf(
  name: string,
  rsit: string,
  labels: readonly string[],
): Record<string, unknown> & { type: string } {
  const [rsitClass = "", type = ""] = rsit.split("/");
  const isKnown = Object.hasOwn(RSIT, rsitClass);
  const said = isKnown
    ? { class: rsitClass, ...(isRsitType(rsitClass as RsitClass, type) && { type }) }
    : undefined;
  return {
    type: "incident",
    name,
    ...(labels.length > 0 && { labels }),
    ...(said !== undefined && {
      extensions: { [INCIDENT_EXTENSION]: { extension_type: "property-extension", rsit: said } },
    }),
  };
}
