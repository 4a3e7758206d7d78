import { partsOf, readLabelLine, readLabelLines, readLevel, readTag } from "../marking-label.ts";
import { remembered } from "../remembered.ts";
import { type Marked, strictestOf, UNMARKED } from "../stricter-marking.ts";
import type { Layout, LevelColumn } from "./layout.ts";

/** With what the text of a label begins, whatever signs stand before it: most cells are passed over by it. */
const MAY_BE_LABEL =
  /^[^\p{L}\p{N}]{0,8}(?:tlp|pap|traffic|marking|classification|[\uff34\uff54\uff30\uff50])/iu;

const BETWEEN_CELLS = /[\r\n,;\t|]/;

/**
 * What a row says of its marking: the columns of levels, the tags that are markings, and every other cell that
 * is nothing but a label with its prefix. A bare colour means a level only where its column says so.
 */
export function readRowMarking(
  cells: readonly string[],
  { levels, labels }: Pick<Layout, "levels" | "labels">,
): Marked {
  const said: Marked[] = [];
  for (const { at, role } of levels) {
    const cell = cells[at]?.trim() ?? "";
    if (cell !== "") said.push(LEVELS_IN[role](cell));
  }
  for (const at of labels) {
    const cell = cells[at] ?? "";
    if (cell !== "") said.push(tagsIn(cell));
  }
  for (const cell of cells) {
    if (MAY_BE_LABEL.test(cell)) said.push(labelIn(cell));
    // A quote that is closed too late has taken whole rows into a cell, with their markings.
    if (cell.includes("\n")) said.push(readLabelLines(cell, BETWEEN_CELLS));
  }
  return said.length === 0 ? UNMARKED : strictestOf(said);
}

const labelIn = remembered((cell: string): Marked => readLabelLine(cell) ?? UNMARKED);

const tagsIn = remembered(
  (cell: string): Marked => strictestOf(partsOfCell(cell).map((tag) => readTag(tag) ?? UNMARKED)),
);

const LEVELS_IN: Record<LevelColumn["role"], (cell: string) => Marked> = {
  tlp: remembered((cell) => levelsIn(cell, "tlp")),
  pap: remembered((cell) => levelsIn(cell, "pap")),
};

/** The levels of a cell that has to hold some: what is none is unknown, and may be the strictest of all. */
function levelsIn(cell: string, role: LevelColumn["role"]): Marked {
  const parts = partsOfCell(cell);
  if (parts.length === 0) return { marking: undefined, unknown: [cell] };
  return strictestOf(parts.map((part) => readLevel(part, role)));
}

/** The tags of a cell, without those that are empty. */
export function partsOfCell(cell: string): string[] {
  const parts = cell.split(/[,;|]/).flatMap(partsOf);
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}
