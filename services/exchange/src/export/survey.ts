import { createHash } from "node:crypto";
import { AppError } from "@suar/contract";
import {
  type ExportFacts,
  type ExportFormat,
  type ExportItem,
  FormatError,
  type ItemFormat,
  type OpenWriter,
  papOf,
  type WarnedOf,
  type Written,
  writers,
} from "@suar/formats";
import { type Pap, type Tlp, uuidv5 } from "@suar/stix";
import type { StandingLog } from "./standing-items.ts";

/**
 * What is asked for: `exercise` is the drill that it is of, if it is of one; `warnedOf` asks the warning lists that count
 * for its reader when it begins.
 */
export type Subject = {
  format: ExportFormat;
  madeFor: string;
  exercise: string | undefined;
  warnedOf: WarnedOf;
};

/** One that is written a rendition at a time. */
export type ItemSubject = Subject & { format: ItemFormat };

/** What an export will hold: made of that alone, so that what others were sent meanwhile shows nowhere in it. */
export type Survey = {
  facts: ExportFacts;
  /** A validator (RFC 9110 §8.8.1), weak where a format tells when it was written. */
  tag: string;
  /** The entries that are in it, in the log's order: eight bytes each. */
  seqs: readonly number[];
  /** What was logged later is left to the next export. */
  upTo: number;
  /** The instant that it is of. */
  now: number;
};

const SERIALS = 2 ** 32;
const NAMESPACE = "9c5a2f0e-52c1-4f5b-8a7d-0d6b6a1f3e77";

/**
 * Writes an export to nowhere: what it is known by, and what stands at its beginning, are known before its first byte, and
 * whoever has it already is spared the rest.
 */
export async function survey(subject: ItemSubject, log: StandingLog): Promise<Survey> {
  const { format, madeFor, exercise, warnedOf } = subject;
  const now = Date.now();
  const { epoch, seq: upTo } = await log.head();
  const writer = writers[format].open({ now, exercise, warnedOf });
  const hash = createHash("sha256").update(JSON.stringify([format, madeFor, epoch]));
  const [taken, markings] = [[] as number[], new Markings()];
  const keptOutBy = new Map<string, number>();
  let [leftOut, keptOut, last] = [0, 0, 0];
  let asOf: string | undefined;
  const take = (text: string, items: readonly ExportItem[]): void => {
    hash.update(`\n${items.map(({ seq }) => seq).join(" ")} ${text.length}\n`).update(text);
    for (const item of items) {
      taken.push(item.seq);
      markings.add(item);
      if (item.seq >= last) [last, asOf] = [item.seq, item.at];
    }
  };
  for await (const { items } of log.looks(upTo)) {
    for (const item of items) {
      const written = writtenBy(writer, item);
      leftOut += written.leftOut;
      keptOut += written.keptOut.length;
      for (const list of written.keptOut) keptOutBy.set(list, (keptOutBy.get(list) ?? 0) + 1);
      if (written.text !== "") take(written.text, [item]);
    }
  }
  for (const { text, items } of writer.documents?.() ?? []) take(text, items);
  const seqs = writer.documents === undefined ? taken : eachOnce(taken);
  const content = hash.digest("base64url");
  const serial = Math.floor(now / 1_000) % SERIALS;
  const counts = { written: seqs.length, leftOut, keptOut, keptOutBy };
  const id = uuidv5(NAMESPACE, content);
  const facts = { madeFor, exercise, ...markings.all(), ...counts, asOf, serial, id };
  const ends = (of: ExportFacts): string => `${writer.header(of)}\n${writer.footer(of)}`;
  return { facts, tag: tagOf(content, facts, ends), seqs, upTo, now };
}

/** Throws `bad-filter` where more would have to be held than is. */
function writtenBy(writer: OpenWriter, item: ExportItem): Written {
  try {
    return writer.write(item);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new AppError("bad-filter", `${cause.message}: narrow it by producers, tlp or types`, { cause });
  }
}

/** In the log's order: a rendition may be in several documents. */
export function eachOnce(seqs: readonly number[]): number[] {
  return [...new Set(seqs)].sort((a, b) => a - b);
}

/** By content and ends, but for the moment of writing: it says nothing of what is in it. */
function tagOf(content: string, facts: ExportFacts, ends: (facts: ExportFacts) => string): string {
  const timeless = ends({ ...facts, serial: 0 });
  const tag = createHash("sha256").update(content).update(timeless).digest("base64url");
  return ends(facts) === timeless ? `"${tag}"` : `W/"${tag}"`;
}

class Markings {
  readonly #tlps = new Set<Tlp>();
  readonly #paps = new Set<Pap>();

  add({ object, tlp, pap: released }: ExportItem): void {
    this.#tlps.add(tlp);
    const pap = papOf(object.labels, released);
    if (pap !== undefined) this.#paps.add(pap);
  }

  all(): Pick<ExportFacts, "tlps" | "paps"> {
    return { tlps: [...this.#tlps].sort(), paps: [...this.#paps].sort() };
  }
}
