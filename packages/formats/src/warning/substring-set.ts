const NONE = -1;
const ROOT = 0;

/**
 * Whether a text holds one of many texts, in one pass over it however many they are (Aho and Corasick, 1975). Over bytes of
 * UTF-8, whose characters do not begin within one another; 14 bytes for each byte of the entries.
 */
export class SubstringSet {
  readonly #child: Int32Array;
  readonly #sibling: Int32Array;
  readonly #fallback: Int32Array;
  readonly #byte: Uint8Array;
  readonly #ends: Uint8Array;
  #nodes = 1;

  constructor(entries: readonly string[]) {
    const most = entries.reduce((sum, entry) => sum + Buffer.byteLength(entry), 1);
    this.#child = new Int32Array(most).fill(NONE);
    this.#sibling = new Int32Array(most).fill(NONE);
    this.#fallback = new Int32Array(most);
    this.#byte = new Uint8Array(most);
    this.#ends = new Uint8Array(most);
    for (const entry of entries) this.#add(Buffer.from(entry));
    this.#link();
  }

  isIn(text: string): boolean {
    let node = ROOT;
    for (const byte of Buffer.from(text)) {
      node = this.#step(node, byte);
      if (this.#ends[node] === 1) return true;
    }
    return false;
  }

  #add(entry: Uint8Array): void {
    let node = ROOT;
    for (const byte of entry) {
      const known = this.#childBy(node, byte);
      node = known === NONE ? this.#grow(node, byte) : known;
    }
    this.#ends[node] = 1;
  }

  #grow(parent: number, byte: number): number {
    const node = this.#nodes++;
    this.#byte[node] = byte;
    this.#sibling[node] = this.#child[parent] ?? NONE;
    this.#child[parent] = node;
    return node;
  }

  /** Of at most 256. */
  #childBy(parent: number, byte: number): number {
    let node = this.#child[parent] ?? NONE;
    while (node !== NONE && this.#byte[node] !== byte) node = this.#sibling[node] ?? NONE;
    return node;
  }

  /** Level by level: where each goes on when no child fits, and whether an entry ends there. */
  #link(): void {
    const queue = new Int32Array(this.#nodes);
    let last = 1;
    for (let at = 0; at < last; at++) {
      const parent = queue[at] ?? ROOT;
      for (let node = this.#child[parent] ?? NONE; node !== NONE; node = this.#sibling[node] ?? NONE) {
        const fallback =
          parent === ROOT ? ROOT : this.#step(this.#fallback[parent] ?? ROOT, this.#byte[node] ?? 0);
        this.#fallback[node] = fallback;
        if (this.#ends[fallback] === 1) this.#ends[node] = 1;
        queue[last++] = node;
      }
    }
  }

  #step(from: number, byte: number): number {
    for (let node = from; ; node = this.#fallback[node] ?? ROOT) {
      const next = this.#childBy(node, byte);
      if (next !== NONE) return next;
      if (node === ROOT) return ROOT;
    }
  }
}
