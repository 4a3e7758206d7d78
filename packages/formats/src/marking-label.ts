import { parsePap, parseTlp } from "@suar/stix";
import type { WholeMarking } from "./draft.ts";
import { FormatError } from "./format-error.ts";
import { plain, readLabelsIn } from "./labels-within-text.ts";
import { type Marked, strictestOf } from "./stricter-marking.ts";

/** A line that is longer is no label. It also bounds all that the patterns below have to look at. */
const LONGEST_LABEL = 200;
/** `TLP:` before more words than these begins a sentence. */
const MOST_WORDS = 3;
/** What most texts have not, so that nothing more is looked for in them. */
const MAY_HOLD_LABEL = /tlp|pap|traffic light|[\uff34\uff54\uff30\uff50]/i;

/** The level that a text names where it has to name one, with or without its prefix. */
export function readLevel(text: string, kind: "tlp" | "pap"): Marked {
  const tlp = kind === "tlp" ? parseTlp(text) : undefined;
  if (tlp !== undefined) return { marking: { tlp }, unknown: [] };
  const pap = kind === "pap" ? parsePap(text) : undefined;
  if (pap !== undefined) return { marking: { pap }, unknown: [] };
  return readTag(text) ?? unknownLabel(text);
}

/**
 * A tag or a label of a list, which stands for itself: whatever begins with `tlp:` or `pap:` is a marking, also
 * one of no level that is known. Nothing for all other tags.
 */
export function readTag(tag: string): Marked | undefined {
  if (!MAY_HOLD_LABEL.test(tag)) return undefined;
  const label = withPlainPrefix(plain(tag));
  const tlp = label.startsWith("tlp") ? parseTlp(label) : undefined;
  if (tlp !== undefined) return { marking: { tlp }, unknown: [] };
  const pap = label.startsWith("pap") ? parsePap(label) : undefined;
  if (pap !== undefined) return { marking: { pap }, unknown: [] };
  return /^(?:tlp|pap):/.test(label) ? unknownLabel(tag) : undefined;
}

function unknownLabel(label: string): Marked {
  return { marking: undefined, unknown: [label.trim().slice(0, 80)] };
}

/**
 * A line or a cell that is nothing but labels, in whatever signs it is set: `## TLP:RED ##`, `**TLP:** AMBER`,
 * `Classification: TLP:AMBER`, `TLP:GREEN | PAP:AMBER`. A sentence with a label in it is no marking.
 */
export function readLabelLine(line: string): Marked | undefined {
  if (line.length > LONGEST_LABEL || !MAY_HOLD_LABEL.test(line)) return undefined;
  const text = withoutKey(undecorated(plain(line)));
  const labels: Marked[] = [];
  for (const part of partsOf(text)) {
    const label = readTag(trimmed(part));
    if (label === undefined || (label.unknown.length > 0 && isSentence(part))) return undefined;
    // A known level and more words, as `TLP:GREEN weekly report`, is of that level.
    labels.push(label.unknown.length > 0 ? (leadingLevel(trimmed(part)) ?? label) : label);
  }
  return strictestOf(labels);
}

function leadingLevel(text: string): Marked | undefined {
  const marked = readLabelsIn(text);
  return marked.marking === undefined || marked.unknown.length > 0 ? undefined : marked;
}

/** What the lines of a text say that are nothing but labels. */
export function readLabelLines(text: string, between = /[\r\n]/): Marked {
  if (!MAY_HOLD_LABEL.test(text)) return strictestOf([]);
  return strictestOf(text.split(between).flatMap((line) => readLabelLine(line) ?? []));
}

/** What such a line says of the whole input. Throws `unknown-marking`: it may be the strictest of all. */
export function wholeMarking(line: string, at: string): WholeMarking | undefined {
  const { marking, unknown = [] } = readLabelLine(line) ?? {};
  if (unknown.length > 0)
    throw new FormatError("unknown-marking", `No TLP or PAP level that is known: ${unknown[0]}`, at);
  return marking && { ...marking, at };
}

/** A text at the beginnings of its labels: some write several with nothing but a space between them. */
export function partsOf(text: string): string[] {
  return text.split(/[\s,;|/](?=(?:tlp|pap)[\s:：=_-])/i);
}

/** `AMBER + STRICT` and `AMBER (STRICT)`, which no cut behind the first word may widen. */
const STRICT = /^tlp:?\s{0,3}amber[\s+_(-]{1,4}strict\)?$/;

/** `TLP 2.0: RED`, `TLP level = RED` and `Traffic Light Protocol (TLP): RED` as `tlp:red`. */
function withPlainPrefix(label: string): string {
  return label
    .replace(/^traffic[ -]light[ -]protocol(?: \(?tlp\)?)?/, "tlp")
    .replace(/^(tlp|pap)[ _-](?:v?\d(?:\.\d)?|level|label|marking|colou?r|classification)(?=\s*[:=])/, "$1")
    .replace(/^(tlp|pap)\s*[:=]\s*/, "$1:")
    .replace(STRICT, "tlp:amber+strict");
}

function undecorated(line: string): string {
  return trimmed(line.replace(/[*`"'|[\]{}<>]/g, " "));
}

const SIGNS = new Set("#*>-=_~/;,.!•·–—() \t\r\n\u00a0");

/** Without the signs of headings, lists, quotations and comments around it, nor a remark in brackets behind it. */
function trimmed(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && SIGNS.has(text.charAt(from))) from += 1;
  while (to > from && SIGNS.has(text.charAt(to - 1))) to -= 1;
  const inside = text.slice(from, to);
  const remark = inside.startsWith("traffic") ? -1 : inside.search(/ \((?!\s{0,3}strict)/);
  return remark < 0 ? inside : inside.slice(0, remark);
}

function withoutKey(text: string): string {
  return text.replace(/^[\p{L} ]{1,40}:\s*(?=(?:tlp|pap)[\s:=_-])/u, "");
}

function isSentence(label: string): boolean {
  const [, after = ""] = /^[^:=]*[:=](.*)$/su.exec(label) ?? [];
  return after.trim().split(/\s+/).length > MOST_WORDS;
}
