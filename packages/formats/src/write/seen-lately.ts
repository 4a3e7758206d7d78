import { hash } from "node:crypto";

const SLOTS = 1 << 16;
/** Of a value's SHA-256: so many that nobody finds another value with the same. */
const BYTES = 16;

/**
 * Values that were written lately: as many as there are slots, in a mebibyte, however long the export and its values. What it
 * forgot is written once more, which every consumer takes; nobody's value hides another's.
 */
export class SeenLately {
  readonly #slots = Buffer.alloc(SLOTS * BYTES);

  /** Whether the value is new, as far as is remembered; from now on it is not. */
  isNew(value: string): boolean {
    const mark = hash("sha256", value, "buffer");
    const at = mark.readUInt16BE(BYTES) * BYTES;
    if (mark.compare(this.#slots, at, at + BYTES, 0, BYTES) === 0) return false;
    mark.copy(this.#slots, at, 0, BYTES);
    return true;
  }
}
