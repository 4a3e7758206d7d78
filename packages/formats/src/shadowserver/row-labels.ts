import { readTag } from "../marking-label.ts";

const LONGEST = 200;
const MOST = 60;

/** Labels of one row: each once, none of them a marking. */
export class RowLabels {
  readonly #all = new Set<string>();

  /** `key` names whose value it is; a list of tags has none. Returns why it is no label, if so. */
  add(key: string | undefined, text: string): string | undefined {
    const parts = key === undefined ? text.split(/[;,|]/) : [text];
    for (const part of parts) {
      const value = part.trim();
      if (value === "" || (key === undefined && readTag(value) !== undefined)) continue;
      if (value.length > LONGEST) return `More than ${LONGEST} characters`;
      if (this.#all.size >= MOST) return `More than ${MOST} labels`;
      this.#all.add((key === undefined ? value : `${key}:${value}`).toWellFormed());
    }
    return undefined;
  }

  all(): string[] {
    return [...this.#all];
  }
}
