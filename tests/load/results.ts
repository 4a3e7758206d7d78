import { styleText } from "node:util";
import type { Spread } from "./statistics.ts";

/** One line of the table. `aim` is what we want of `median`; without one it is a figure to know. */
export type Result = Spread & {
  name: string;
  unit: string;
  aim?: { atLeast: number } | { atMost: number };
  /** What the figure is made of, for the JSON. */
  detail?: Record<string, unknown>;
};

export function holds({ aim, median }: Result): boolean | undefined {
  if (aim === undefined) return undefined;
  return "atLeast" in aim ? median >= aim.atLeast : median <= aim.atMost;
}

const COLUMNS = [58, 12, 21, 12, 0];

export function tableHead(): string {
  return styleText("bold", row(["measure", "median", "least to most", "aim", ""]));
}

export function tableRow(result: Result): string {
  const { name, unit, median, least, most, rounds, aim } = result;
  const range = rounds === 1 ? "" : `${show(least)} to ${show(most)} (${rounds})`;
  const wanted = aim === undefined ? "" : "atLeast" in aim ? `≥ ${aim.atLeast}` : `≤ ${aim.atMost}`;
  const held = holds(result);
  const verdict = held === undefined ? "" : held ? styleText("green", "reached") : styleText("red", "missed");
  return row([name, `${show(median)} ${unit}`.trim(), range, wanted, verdict]);
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => cell.padEnd(COLUMNS[index] ?? 0))
    .join(" ")
    .trimEnd();
}

function show(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toPrecision(3).replace(/\.?0+$/, "");
}
