import { styleText } from "node:util";

const WIDTH = 92;
const LABEL = 12;

/**
 * Tells the story, and holds it to its word: a promise that is not kept is printed, counted, and fails the run.
 * Colours follow NO_COLOR and whether a terminal reads.
 */
export class Narrator {
  #chapters = 0;
  #kept = 0;
  readonly #broken: string[] = [];

  get kept(): number {
    return this.#kept;
  }

  get broken(): readonly string[] {
    return this.#broken;
  }

  chapter(title: string): void {
    this.#chapters += 1;
    print(`\n${styleText(["bold", "cyan"], `${this.#chapters}. ${title}`)}`);
  }

  say(text: string): void {
    for (const line of wrap(text, WIDTH - 3)) print(`   ${line}`);
  }

  /** Facts, a label before them. */
  facts(label: string, lines: readonly string[]): void {
    for (const [index, line] of lines.entries()) {
      const shown = (index === 0 ? label : "").padEnd(LABEL);
      print(`   ${styleText("dim", shown)}${line}`);
    }
  }

  promise(text: string, kept: boolean, why = ""): void {
    if (kept) this.#kept += 1;
    else this.#broken.push(why === "" ? text : `${text} (${why})`);
    const mark = kept ? styleText("green", "✓") : styleText(["bold", "red"], "✗");
    const [first = "", ...rest] = wrap(kept || why === "" ? text : `${text}: ${why}`, WIDTH - 5);
    print(`   ${mark} ${first}`);
    for (const line of rest) print(`     ${line}`);
  }
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function emphasis(text: string): string {
  return styleText("bold", text);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}
