import { CSAF_DOCUMENT } from "../../csaf/carry.ts";
import { STATUS_RELATIONS } from "../../csaf/product-status.ts";
import { FormatError, WHOLE } from "../../format-error.ts";
import { isJsonRecord, listOf } from "../../json-value.ts";
import type { ExportItem } from "../writer.ts";

/** A document is of several renditions, wherever they stand in the log: all that may be of one wait until its end. */
const MOST_BYTES = 16 * 1024 * 1024;

/** What an advisory is made of. A vulnerability that no report names is an advisory by itself. */
export type Advisory = {
  readonly report: ExportItem | undefined;
  readonly vulnerabilities: readonly ExportItem[];
  /** Products that it names, and those that a status of its vulnerabilities names. */
  readonly software: readonly ExportItem[];
  /** Statuses of products: of a software to a vulnerability. */
  readonly statuses: readonly ExportItem[];
  /** What mitigates which of its vulnerabilities. */
  readonly actions: readonly { vulnerability: string; action: ExportItem; relation: ExportItem }[];
  readonly notes: readonly ExportItem[];
  readonly publisher: ExportItem | undefined;
};

const PARTS: ReadonlySet<string> = new Set(["vulnerability", "software", "course-of-action", "identity"]);
const RELATIONS: ReadonlySet<string> = new Set([...STATUS_RELATIONS.keys(), "mitigates"]);
const ABOUT = /^(?:report|vulnerability)--/;

/** Renditions that may be of an advisory, by what is looked up of them. Throws `too-large`. */
export class Gathered {
  readonly #parts = new Map<string, ExportItem[]>();
  readonly #reports: ExportItem[] = [];
  /** Relationships by their target, notes by what they are about. */
  readonly #about = new Map<string, ExportItem[]>();
  #bytes = 0;

  /** Whether it may be of an advisory. */
  add(item: ExportItem): boolean {
    const { object } = item;
    if (object.type === "report") this.#reports.push(item);
    else if (PARTS.has(object.type)) push(this.#parts, object.id, item);
    else if (object.type === "relationship" && RELATIONS.has(String(object.relationship_type)))
      push(this.#about, String(object.target_ref), item);
    else if (object.type === "note") {
      const about = namesOf(object.object_refs).filter((id) => ABOUT.test(id));
      for (const id of about) push(this.#about, id, item);
      if (about.length === 0) return false;
    } else return false;
    this.#bytes += item.body.length;
    if (this.#bytes > MOST_BYTES)
      throw new FormatError("too-large", `More than ${MOST_BYTES / 1024 / 1024} MiB of advisories`, WHOLE);
    return true;
  }

  *advisories(): Generator<Advisory> {
    const told = new Set<string>();
    for (const report of this.#reports) {
      if (report.isPart) continue;
      const advisory = this.#ofReport(report);
      if (advisory === undefined) continue;
      for (const { object } of advisory.vulnerabilities) told.add(`${report.producer} ${object.id}`);
      yield advisory;
    }
    for (const items of this.#parts.values())
      for (const item of items) {
        const isAsked = item.object.type === "vulnerability" && !item.isPart;
        const isOne = isAsked && !told.has(`${item.producer} ${item.object.id}`);
        const advisory = isOne ? this.#made(undefined, [item], []) : undefined;
        if (advisory !== undefined && advisory.statuses.length > 0) yield advisory;
      }
  }

  /** A report that was an advisory of CSAF, or that is about products: it names some, or what one has. */
  #ofReport(report: ExportItem): Advisory | undefined {
    const parts = namesOf(report.object.object_refs).flatMap((id) => this.#part(report, id) ?? []);
    const of = (type: string): ExportItem[] => parts.filter(({ object }) => object.type === type);
    const advisory = this.#made(report, of("vulnerability"), of("software"));
    const { extensions } = report.object;
    const isCsaf = isJsonRecord(extensions) && Object.hasOwn(extensions, CSAF_DOCUMENT);
    return isCsaf || advisory.software.length > 0 ? advisory : undefined;
  }

  #made(
    report: ExportItem | undefined,
    vulnerabilities: readonly ExportItem[],
    named: readonly ExportItem[],
  ): Advisory {
    const software = new Map(named.map((item) => [item.object.id, item]));
    const statuses: ExportItem[] = [];
    const actions: Advisory["actions"][number][] = [];
    for (const vulnerability of vulnerabilities)
      for (const relation of this.#saidOf(vulnerability)) {
        if (relation.object.type !== "relationship") continue;
        const source = this.#part(relation, String(relation.object.source_ref));
        if (source?.object.type === "course-of-action")
          actions.push({ vulnerability: vulnerability.object.id, action: source, relation });
        if (source?.object.type !== "software" || relation.object.relationship_type === "mitigates") continue;
        software.set(source.object.id, source);
        statuses.push(relation);
      }
    const first = report ?? vulnerabilities[0];
    const subjects = [report, ...vulnerabilities].filter((item) => item !== undefined);
    const notes = new Set(subjects.flatMap((item) => this.#saidOf(item)).filter(isNote));
    const publisher = first && this.#part(first, String(first.object.created_by_ref));
    return {
      report,
      vulnerabilities,
      software: [...software.values()],
      statuses,
      actions,
      notes: [...notes],
      publisher,
    };
  }

  /** A document speaks in its producer's name: what others say of the same thing is not in it. */
  #saidOf({ producer, object }: ExportItem): ExportItem[] {
    return (this.#about.get(object.id) ?? []).filter((item) => item.producer === producer);
  }

  /** What a reference of one means: what its own producer says of it, else what anybody does. */
  #part({ producer }: ExportItem, id: string): ExportItem | undefined {
    const known = this.#parts.get(id);
    return known?.find((item) => item.producer === producer) ?? known?.[0];
  }
}

function isNote({ object }: ExportItem): boolean {
  return object.type === "note";
}

function namesOf(value: unknown): string[] {
  return [...new Set(listOf(value).filter((one) => typeof one === "string"))];
}

function push(lists: Map<string, ExportItem[]>, key: string, item: ExportItem): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [item]);
  else known.push(item);
}
