import { FormatError, WHOLE } from "../format-error.ts";

/** Text of indicators shrinks to a tenth or so; what grows to two hundred times its size was made to. */
const MOST_TIMES = 200;
const ALWAYS_ALLOWED = 1024 * 1024;

/** How many bytes so many may become. */
export function mostInflated(packed: number): number {
  return ALWAYS_ALLOWED + packed * MOST_TIMES;
}

/** Keeps what comes out in proportion to what went in. */
export class Inflation {
  #taken = 0;
  #given = 0;

  took(bytes: number): void {
    this.#taken += bytes;
  }

  gave(bytes: number): void {
    this.#given += bytes;
    if (this.#given > mostInflated(this.#taken)) throw tooGreat(WHOLE);
  }
}

export function tooGreat(name: string): FormatError {
  return new FormatError("too-large", `It unpacks to more than ${MOST_TIMES} times its size`, name);
}
