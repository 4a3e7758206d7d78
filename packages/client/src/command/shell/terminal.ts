import { styleText } from "node:util";
import { cleanText } from "./clean-text.ts";
import { ProgressBar } from "./progress-bar.ts";

type Style = Parameters<typeof styleText>[0];

/** Data goes to stdout; what is only for the eye goes to stderr, and moving pictures only to a TTY. */
export class Terminal {
  readonly json: boolean;
  readonly quiet: boolean;

  constructor({ json, quiet }: { json: boolean; quiet: boolean }) {
    this.json = json;
    this.quiet = quiet;
  }

  /** A line of data; resolves when the reader's pipe has taken it. */
  print(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      process.stdout.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** One value as JSON on a line of its own. */
  printJson(value: unknown): Promise<void> {
    return this.print(JSON.stringify(value));
  }

  /** JSON with `--json`, else the text. */
  show(value: unknown, text: () => string): Promise<void> {
    return this.json ? this.printJson(value) : this.print(text());
  }

  note(line: string): void {
    if (!this.quiet && !this.json) process.stderr.write(`${line}\n`);
  }

  /** What to do next: shown to people only. */
  next(line: string): void {
    if (process.stderr.isTTY) this.note(styleText("dim", `next: ${line}`, { stream: process.stderr }));
  }

  style(style: Style, text: string): string {
    return styleText(style, text, { stream: process.stdout });
  }

  progress(): ProgressBar {
    return new ProgressBar(process.stderr.isTTY && !this.quiet && !this.json ? process.stderr : undefined);
  }
}

/** Rows under a heading, each column as wide as its widest cell. */
export function table(
  heading: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const lines = [heading, ...rows.map((row) => row.map((cell) => cleanText(String(cell ?? "-"))))];
  const widths = heading.map((_name, column) =>
    Math.max(...lines.map((line) => widthOf(line[column] ?? ""))),
  );
  const pad = (cell: string, column: number) => cell + " ".repeat((widths[column] ?? 0) - widthOf(cell));
  return lines.map((line) => line.map(pad).join("  ").trimEnd()).join("\n");
}

/** Columns on the screen: CJK and full-width characters take two, combining marks none. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mn}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}
