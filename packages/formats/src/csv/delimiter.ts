import { readLabelLine } from "../marking-label.ts";

const CANDIDATES = [",", ";", "\t", "|"] as const;
export type Delimiter = (typeof CANDIDATES)[number];

const LINES = 50;

/**
 * The delimiter of a table, from its first lines: the one that stands equally often in the most of them. A
 * table of one column has none, and a comma then.
 */
export function sniffDelimiter(head: string): Delimiter {
  const lines = head
    .split(/\r\n|\n|\r/, LINES + 1)
    .slice(0, LINES)
    .filter((line) => line.trim() !== "" && !line.startsWith("#") && readLabelLine(line) === undefined);
  let best: Delimiter = ",";
  let bestScore = 0;
  for (const candidate of CANDIDATES) {
    const score = evenness(lines.map((line) => countOutsideQuotes(line, candidate)));
    if (score > bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

/** How often the first line's count returns, weighed a little by how many columns that makes. */
function evenness(counts: readonly number[]): number {
  const [first = 0] = counts;
  if (first === 0) return 0;
  const share = counts.filter((count) => count === first).length / counts.length;
  return share + Math.min(first, 20) / 100;
}

function countOutsideQuotes(line: string, delimiter: string): number {
  let count = 0;
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === delimiter) count += 1;
  }
  return count;
}
