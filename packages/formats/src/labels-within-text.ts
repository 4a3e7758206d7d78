import { parsePap, parseTlp } from "@suar/stix";
import { type Marked, strictestOf } from "./stricter-marking.ts";

/** A subject, a list of keywords: what is longer is looked at no further. */
const LONGEST = 10_000;
const LONGEST_LEVEL = 40;

/** Where a label begins: `TLP:`, `TLP 2.0:`, `Traffic Light Protocol (TLP):`, `TLP-`, and TLP alone. */
const START =
  /(?<![\p{L}\p{N}])(?:traffic[ -]light[ -]protocol(?: \(?tlp\)?)?|tlp|pap)(?:[ _-](?:v?\d(?:\.\d)?|level|label|marking|colou?r|classification)(?![\p{L}\p{N}]))?(?<sign>\s{0,3}[:=])?[\s_*"'([-]{0,4}/gu;

/** The longest level first: AMBER is none where `+STRICT` follows in whatever signs. */
const LEVEL = /^(?:amber[\s+_(-]{1,4}strict|clear|white|green|amber|red)(?![\p{L}\p{N}])/u;
/** What makes another level of a known one, and one that nobody knows: AMBER+MORE, AMBER/RED, AMBER STRICTLY. */
const GOES_ON = /^(?:[+/_-]\p{L}|[\s+_(-]{1,4}strict)/u;
/** An exercise is no level. */
const RED_TEAM = /^[\s-]{1,3}team/;

/**
 * What the labels within a text say that is known to bear some: a subject, a header, keywords. `TLP:` and no level
 * that is known is unknown, and so is a level that goes on; without its colon only a known level makes a label.
 */
export function readLabelsIn(text: string): Marked {
  const found: Marked[] = [];
  const label = plain(text.slice(0, LONGEST));
  for (const start of label.matchAll(START)) {
    const kind = start[0].startsWith("pap") ? "pap" : "tlp";
    const after = label.slice(start.index + start[0].length).slice(0, LONGEST_LEVEL);
    const marked = levelAt(after, kind, start.groups?.sign !== undefined);
    if (marked !== undefined) found.push(marked);
  }
  return strictestOf(found);
}

function levelAt(text: string, kind: "tlp" | "pap", isSaid: boolean): Marked | undefined {
  const [level = ""] = LEVEL.exec(text) ?? [];
  const rest = text.slice(level.length);
  if (!isSaid && (level === "" || RED_TEAM.test(rest))) return undefined;
  const written = level.replace(/[\s+_(-]{1,4}/, "+");
  const tlp = kind === "tlp" && !GOES_ON.test(rest) ? parseTlp(written) : undefined;
  if (tlp !== undefined) return { marking: { tlp }, unknown: [] };
  const pap = kind === "pap" && !GOES_ON.test(rest) ? parsePap(written) : undefined;
  if (pap !== undefined) return { marking: { pap }, unknown: [] };
  const [word = ""] = /^[^\s\]),;|]*/.exec(text) ?? [];
  return { marking: undefined, unknown: [`${kind}:${word}`] };
}

/** Without what cannot be seen, and with the letters and colons of all widths as ASCII. */
export function plain(text: string): string {
  return text
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, "")
    .normalize("NFKC")
    .trim()
    .toLowerCase();
}
