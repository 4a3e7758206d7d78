import { stricterPap, stricterTlp } from "@suar/stix";
import type { Marking, Reject } from "./draft.ts";

/** What several labels come to: the strictest of the levels that are known, and the labels of none that is. */
export type Marked = { marking: Marking | undefined; unknown: readonly string[] };

export const UNMARKED: Marked = { marking: undefined, unknown: [] };

/** What holds of one thing that is said under two markings: the stricter level of each kind. */
function stricterMarking(a: Marking | undefined, b: Marking | undefined): Marking | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const tlp = a.tlp === undefined || b.tlp === undefined ? (a.tlp ?? b.tlp) : stricterTlp(a.tlp, b.tlp);
  const pap = a.pap === undefined || b.pap === undefined ? (a.pap ?? b.pap) : stricterPap(a.pap, b.pap);
  return { ...(tlp && { tlp }), ...(pap && { pap }) };
}

/** Whether `own` says more than `other` does already. What `other` leaves open is not taken for wide. */
export function isStricter(own: Marking | undefined, other: Marking | undefined): boolean {
  const both = stricterMarking(own, other);
  return both?.tlp !== other?.tlp || both?.pap !== other?.pap;
}

/** Markings as they come: of many that say the same, one is news. */
export class Strictest {
  #marking: Marking | undefined;

  isNews(marking: Marking): boolean {
    if (!isStricter(marking, this.#marking)) return false;
    this.#marking = stricterMarking(this.#marking, marking);
    return true;
  }
}

/** One after the other into one list: there may be as many labels as the input has bytes. */
export function strictestOf(all: Iterable<Marked>): Marked {
  let marking: Marking | undefined;
  const unknown: string[] = [];
  for (const one of all) {
    marking = stricterMarking(marking, one.marking);
    for (const label of one.unknown) unknown.push(label);
  }
  return { marking, unknown };
}

/** How a reject tells the marking of what it refuses. */
export function toldOf({ marking, unknown }: Marked): Pick<Reject, "marking" | "unknownMarking"> {
  return { ...(marking && { marking }), ...(unknown.length > 0 && { unknownMarking: true as const }) };
}
