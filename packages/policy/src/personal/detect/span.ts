import type { PiiClass } from "../../personal-data.ts";
import type { Range } from "../text/fold.ts";

/** Personal data in a text. Detectors give places in the folded text; `scanText` those in the original. */
export type Span = Range & { class: PiiClass };

/** Of spans that overlap the earlier in the list stays; the rest in the order of the text. */
export function withoutOverlaps(spans: readonly Span[]): Span[] {
  if (spans.length < 2) return [...spans];
  const ordered = spans.map((span, rank) => ({ span, rank }));
  ordered.sort((a, b) => a.span.start - b.span.start || a.rank - b.rank);
  const kept: typeof ordered = [];
  for (const next of ordered) {
    const last = kept.at(-1);
    if (last === undefined || next.span.start >= last.span.end) kept.push(next);
    else if (next.rank < last.rank) kept[kept.length - 1] = covering(next, last);
    else last.span = { ...last.span, end: Math.max(last.span.end, next.span.end) };
  }
  return kept.map(({ span }) => span);
}

function covering<T extends { span: Span }>(better: T, other: T): T {
  const start = Math.min(better.span.start, other.span.start);
  const end = Math.max(better.span.end, other.span.end);
  return { ...better, span: { ...better.span, start, end } };
}
