import { z } from "zod";

/** The scales of STIX 2.1 appendix A, by which people say what `confidence` (§3.2) says by a number. */
export const ConfidenceScale = z.enum(["none-low-med-high", "0-10", "admiralty", "wep", "dni"]);
export type ConfidenceScale = z.infer<typeof ConfidenceScale>;

/** One line of a table: the word, the number that it is written as, and the first number that is read as it. */
type Line = readonly [word: string, value: number, from: number];

/**
 * Appendix A, each scale from its lowest word on: a word goes up to the next one's first number. What says that nobody can
 * tell (`Not Specified`, Admiralty 6) has no number, and is no confidence.
 */
const TABLES: Readonly<Record<ConfidenceScale, readonly Line[]>> = {
  // A.1
  "none-low-med-high": [
    ["None", 0, 0],
    ["Low", 15, 1],
    ["Med", 50, 30],
    ["High", 85, 70],
  ],
  // A.2
  "0-10": [
    ["0", 0, 0],
    ["1", 10, 5],
    ["2", 20, 15],
    ["3", 30, 25],
    ["4", 40, 35],
    ["5", 50, 45],
    ["6", 60, 55],
    ["7", 70, 65],
    ["8", 80, 75],
    ["9", 90, 85],
    ["10", 100, 95],
  ],
  // A.3, the credibility of what is said
  admiralty: [
    ["5 - Improbable", 10, 0],
    ["4 - Doubtful", 30, 20],
    ["3 - Possibly True", 50, 40],
    ["2 - Probably True", 70, 60],
    ["1 - Confirmed by other sources", 90, 80],
  ],
  // A.4, words of estimative probability
  wep: [
    ["Impossible", 0, 0],
    ["Highly Unlikely/Almost Certainly Not", 10, 1],
    ["Unlikely/Probably Not", 30, 20],
    ["Even Chance", 50, 40],
    ["Likely/Probable", 70, 60],
    ["Highly likely/Almost Certain", 90, 80],
    ["Certain", 100, 100],
  ],
  // A.5
  dni: [
    ["Almost No Chance / Remote", 5, 0],
    ["Very Unlikely / Highly Improbable", 15, 10],
    ["Unlikely / Improbable", 30, 20],
    ["Roughly Even Chance / Roughly Even Odds", 50, 40],
    ["Likely / Probable", 70, 60],
    ["Very Likely / Highly Probable", 85, 80],
    ["Almost Certain / Nearly Certain", 95, 90],
  ],
};

/** The word for a confidence; undefined for what is none (§3.2: a whole number from 0 to 100). */
export function confidenceWord(
  value: unknown,
  scale: ConfidenceScale = "none-low-med-high",
): string | undefined {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > 100) return undefined;
  return TABLES[scale].findLast(([, , from]) => from <= value)?.[0];
}

/**
 * The confidence that a word of a scale says: the whole word or one of its halves, or of Admiralty its digit, in any letters.
 * Undefined for what the scale does not have, and for what says that nobody can tell.
 */
export function confidenceFrom(
  word: string,
  scale: ConfidenceScale = "none-low-med-high",
): number | undefined {
  const wanted = folded(word);
  if (wanted === "") return undefined;
  return TABLES[scale].find(([line]) => spellings(line).includes(wanted))?.[1];
}

function spellings(line: string): string[] {
  const said = folded(line);
  const digit = /^(\d) - (.+)$/.exec(said);
  const halves = (digit === null ? said : (digit[2] ?? "")).split("/").map((half) => half.trim());
  return [
    said,
    ...halves,
    ...(digit === null ? [] : [digit[1] ?? ""]),
    ...(said === "med" ? ["medium"] : []),
  ];
}

function folded(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, " ");
}
