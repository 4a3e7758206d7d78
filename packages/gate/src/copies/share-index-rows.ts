import type { NewRendition } from "../store/release.ts";

/**
 * Copies of one version mostly have the same keys and nearly the same words. Renditions whose ids follow one another
 * share one row of them: it says how many of the next ids it stands for. A row of words has those of all of them, and each
 * that has others keeps its own text beside. Who may see which of these, row-level security decides.
 */
export function shareIndexRows(renditions: NewRendition[]): void {
  if (renditions.length < 2) return;
  for (const run of runsOf(renditions, (one) => (one.words === null ? null : ""))) shareWords(run);
  if (shareAllKeys(renditions)) return;
  const held = new Map(renditions.map((one) => [one, new Map(one.keys.map((row) => [row.key, row]))]));
  const all = new Set(renditions.flatMap(({ keys }) => keys.map(({ key }) => key)));
  for (const one of renditions) one.keys = [];
  for (const key of all) {
    const holders = renditions.filter((one) => held.get(one)?.has(key));
    for (const run of runsOf(holders, () => key)) {
      const [head] = run;
      const row = head && held.get(head)?.get(key);
      if (row !== undefined) head?.keys.push({ ...row, also: run.length - 1 });
    }
  }
}

/** As it mostly is: all have the same keys, and ids that follow one another. */
function shareAllKeys(renditions: readonly NewRendition[]): boolean {
  const [head, ...others] = renditions;
  if (head === undefined) return true;
  const isSame = ({ id, keys }: NewRendition, n: number): boolean =>
    id === head.id + n + 1 &&
    keys.length === head.keys.length &&
    keys.every(({ key }, at) => key === head.keys[at]?.key);
  if (!others.every(isSame)) return false;
  for (const one of head.keys) one.also = others.length;
  for (const one of others) one.keys = [];
  return true;
}

/** The most that one row of words is made of: PostgreSQL holds no more than a megabyte in one. */
const MOST_UNITED = 60_000;

function shareWords(run: readonly NewRendition[]): void {
  const [head, ...others] = run;
  if (head?.words == null || others.length === 0) return;
  const own = run.map(({ words }) => words ?? "");
  const united = unitedWords(head.words, own);
  if (united.length > MOST_UNITED) return;
  const differ = own.some((words) => words !== head.words);
  for (const [n, one] of run.entries()) {
    one.also = n === 0 ? run.length - 1 : 0;
    one.ownWords = differ ? (own[n] ?? null) : null;
    one.words = n === 0 ? united : null;
  }
}

/**
 * A text with the words of all. What stands between blanks is read by itself, but for what looks like a tag, which may
 * go on behind them: such texts are taken whole.
 */
function unitedWords(first: string, all: readonly string[]): string {
  if (all.every((words) => words === first)) return first;
  const others = new Set(all);
  others.delete(first);
  if (others.size === 0) return first;
  if (all.some((words) => words.includes("<"))) return [first, ...others].join("\n");
  const added = new Set([...others].map((words) => changedPart(first, words)));
  return [first, ...added].join(" ").trimEnd();
}

/** What another text has between the words with which both begin and those with which both end. */
function changedPart(first: string, other: string): string {
  const most = Math.min(first.length, other.length);
  let start = 0;
  while (start < most && first.charCodeAt(start) === other.charCodeAt(start)) start += 1;
  let end = 0;
  const [fromEnd, ofOther] = [first.length - 1, other.length - 1];
  while (end < most - start && first.charCodeAt(fromEnd - end) === other.charCodeAt(ofOther - end)) end += 1;
  while (start > 0 && !isBlank(other, start - 1)) start -= 1;
  let to = other.length - end;
  while (to < other.length && !isBlank(other, to)) to += 1;
  return other.slice(start, to);
}

const BLANK = /\s/;

/** Most are letters and spaces of ASCII. */
function isBlank(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit === 0x20 || ((unit < 0x20 || unit > 0x7f) && BLANK.test(text.charAt(at)));
}

/** Renditions with ids that follow one another and the same value; a null stands for itself. */
function runsOf(
  renditions: readonly NewRendition[],
  shareOf: (rendition: NewRendition) => string | null,
): NewRendition[][] {
  const runs: NewRendition[][] = [];
  let last: NewRendition | undefined;
  let value: string | null = null;
  for (const one of renditions) {
    const own = shareOf(one);
    const follows = last !== undefined && one.id === last.id + 1 && own !== null && own === value;
    if (follows) runs.at(-1)?.push(one);
    else runs.push([one]);
    [last, value] = [one, own];
  }
  return runs;
}
