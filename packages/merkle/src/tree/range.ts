import { splitOf } from "./tree.ts";

/** Leaves `start` (included) to `end` (excluded): the subtree whose root one step of a proof is. */
export type Range = { readonly start: number; readonly end: number };

/**
 * The subtrees whose roots are PATH(index, leaves[0..size)), from the leaf upwards: RFC 9162, section 2.1.3.1.
 */
export function inclusionRanges(size: number, index: number): Range[] {
  const ranges: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      ranges.unshift({ start: middle, end });
      end = middle;
    } else {
      ranges.unshift({ start, end: middle });
      start = middle;
    }
  }
  return ranges;
}

/**
 * The subtrees whose roots are PROOF(from, leaves[0..to)): RFC 9162, section 2.1.4.1. None where there is nothing
 * to show: from no leaves, or between equal sizes.
 */
export function consistencyRanges(from: number, to: number): Range[] {
  if (from === 0 || from === to) return [];
  const ranges: Range[] = [];
  let [start, end] = [0, to];
  // While the old log reaches beyond the split, both share the left half, and the old root is not at hand.
  while (from !== end) {
    const middle = start + splitOf(end - start);
    if (from <= middle) {
      ranges.unshift({ start: middle, end });
      end = middle;
    } else {
      ranges.unshift({ start, end: middle });
      start = middle;
    }
  }
  return start === 0 ? ranges : [{ start, end }, ...ranges];
}
