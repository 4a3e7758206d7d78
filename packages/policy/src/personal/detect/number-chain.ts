import type { Range } from "../text/fold.ts";

/** Groups of digits with little between them, as people write one number: `110105 1949 1231`, `+65-6123 4567`. */
export type NumberChain = { text: string; groups: readonly Range[] };

/** Some neighbouring groups of a chain, taken as one number. */
export type NumberWindow = Range & { digits: string; lengths: readonly number[] };

const CHAIN = /\d+(?:[ ./()-]{1,3}\d+)*/g;
const LEAST_DIGITS = 6;
/** Longer than every number that we know, an international phone number with its prefix among them. */
const MOST_DIGITS = 18;

/** Whether there are as many digits in a row as the shortest number of a person has. */
export function hasNumber(text: string): boolean {
  return /\d(?:[ ./()-]{0,3}\d){5}/.test(text);
}

export function numberChains(text: string): NumberChain[] {
  const chains: NumberChain[] = [];
  for (const { 0: chain, index } of text.matchAll(CHAIN)) {
    if (chain.length < LEAST_DIGITS) continue;
    const groups: Range[] = [];
    for (const { 0: group, index: offset } of chain.matchAll(/\d+/g))
      groups.push({ start: index + offset, end: index + offset + group.length });
    chains.push({ text, groups });
  }
  return chains;
}

/** The windows that begin at one group, the longest first. */
export function windowsFrom({ text, groups }: NumberChain, first: number): NumberWindow[] {
  const windows: NumberWindow[] = [];
  const lengths: number[] = [];
  let digits = "";
  for (let last = first; last < groups.length; last += 1) {
    const group = groups[last];
    const start = groups[first]?.start;
    if (group === undefined || start === undefined) break;
    if (digits.length + group.end - group.start > MOST_DIGITS) break;
    digits += text.slice(group.start, group.end);
    lengths.push(group.end - group.start);
    if (digits.length >= LEAST_DIGITS) windows.push({ start, end: group.end, digits, lengths: [...lengths] });
  }
  return windows.reverse();
}

/**
 * Whether a number stands alone: no letter or digit touches it, and it is no part of a longer name such as
 * `kb-5034441`, `v1.2.12345678` or `12345678_9`. Scripts without spaces between words may touch it.
 */
export function standsAlone(text: string, { start, end }: Range): boolean {
  return (
    !/[a-z0-9\ue000](?:[_./=+#-]|[.-]\()?$/.test(text.slice(Math.max(0, start - 3), start)) &&
    endsAlone(text, end)
  );
}

/** As `standsAlone`, where a label has said what the number is: `nric-…`, `tel.…`. */
export function touchesNothing(text: string, { start, end }: Range): boolean {
  return !/[a-z0-9_\ue000]$/.test(text.slice(Math.max(0, start - 1), start)) && endsAlone(text, end);
}

function endsAlone(text: string, end: number): boolean {
  return !/^(?:[a-z0-9_\ue000]|[.=+#-][a-z0-9])/.test(text.slice(end, end + 2));
}
