import { hash } from "node:crypto";

/** The first 16 bytes of a text's SHA-256: so many that nobody finds another text with the same. */
export type Digest = readonly [number, number, number, number];

export function digestOf(text: string): Digest {
  const bytes = hash("sha256", text, "buffer");
  // A slot whose first word is nought is free.
  return [bytes.readUInt32LE(0) || 1, bytes.readUInt32LE(4), bytes.readUInt32LE(8), bytes.readUInt32LE(12)];
}

const WORDS = 4;

/**
 * A set of texts by their digests, outside of the heap: 32 to 64 bytes an entry, whatever its length, and a look-up that costs
 * the same however many there are. Nobody can choose texts that fall on one another.
 */
export class DigestSet {
  #slots = new Uint32Array(64 * WORDS);
  #size = 0;

  add(digest: Digest): void {
    if ((this.#size + 1) * 2 * WORDS > this.#slots.length) this.#grow();
    this.#put(digest);
  }

  has(digest: Digest): boolean {
    return this.#slots[this.#placeOf(digest)] !== 0;
  }

  #put(digest: Digest): void {
    const at = this.#placeOf(digest);
    if (this.#slots[at] !== 0) return;
    this.#slots.set(digest, at);
    this.#size += 1;
  }

  /** Where it stands, or would: at least half of the slots are free. */
  #placeOf([first, second, third, fourth]: Digest): number {
    const slots = this.#slots;
    const last = slots.length - WORDS;
    for (let at = (second * WORDS) & last; ; at = (at + WORDS) & last) {
      if (slots[at] === 0) return at;
      if (slots[at] !== first || slots[at + 1] !== second) continue;
      if (slots[at + 2] === third && slots[at + 3] === fourth) return at;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    this.#size = 0;
    for (let at = 0; at < old.length; at += WORDS) {
      const [first = 0, second = 0, third = 0, fourth = 0] = old.subarray(at, at + WORDS);
      if (first !== 0) this.#put([first, second, third, fourth]);
    }
  }
}
