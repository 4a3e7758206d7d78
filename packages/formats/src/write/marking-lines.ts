import { formatTlp, type Pap, stricterPap, stricterTlp, type Tlp } from "@suar/stix";
import type { ExportFacts } from "./writer.ts";

/** What a text says of itself before its content: for whom it was made, the strictest marking of what is in it. */
export function markingLines(facts: ExportFacts, comment: string, of = "indicators"): string {
  const { madeFor, written, leftOut, asOf, exercise } = facts;
  const lines = [
    ...(exercise === undefined ? [] : [exerciseOf(exercise)]),
    `Suar export, ${markingOf(facts)}, made for ${madeFor}`,
    `${written} ${of}${asOf === undefined ? "" : `, the last logged at ${asOf}`}`,
    ...(leftOut === 0 ? [] : [`${leftOut} more that this format cannot hold are not in it`]),
    ...keptOutLines(facts),
  ];
  return lines.map((line) => `${comment} ${line}\n`).join("");
}

const MOST_NAMED = 10;

/** How many values are on warning lists, and on which: those first that keep most of them out. */
function keptOutLines({ keptOut, keptOutBy }: ExportFacts): string[] {
  if (keptOut === 0) return [];
  const lists = [...keptOutBy].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
  const named = lists.slice(0, MOST_NAMED).map(([name, count]) => `${count} on ${name}`);
  const more = lists.length - named.length;
  return [
    `${keptOut} values are on warning lists, and not in it`,
    ...named.map((line) => `  ${line}`),
    ...(more > 0 ? [`  and on ${more} more lists`] : []),
  ];
}

/** What nobody is to take for real says so before all else. */
export function exerciseOf(realm: string): string {
  return `EXERCISE ${realm}`;
}

/** The strictest of what is in it; an empty export says nothing of anybody. */
export function markingOf({ tlps, paps }: Pick<ExportFacts, "tlps" | "paps">): string {
  const tlp = tlps.reduce<Tlp>(stricterTlp, "clear");
  const pap = paps.length === 0 ? undefined : paps.reduce<Pap>(stricterPap, "clear");
  return `${formatTlp(tlp)}${pap === undefined ? "" : `, PAP:${pap.toUpperCase()}`}`;
}
