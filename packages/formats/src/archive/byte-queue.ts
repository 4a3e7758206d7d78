/** Bytes of a stream, taken in the amounts that a format counts in. */
export class ByteQueue {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** So many bytes, or fewer where it ends. */
  async take(count: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = count;
    for await (const part of this.pass(count)) {
      parts.push(part);
      missing -= part.length;
      if (missing === 0) break;
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  /** So many bytes as they come; fewer where it ends. */
  async *pass(count: number): AsyncGenerator<Uint8Array> {
    let left = count;
    while (left > 0) {
      if (this.#chunk.length === 0) {
        const next = await this.#source.next();
        if (next.done === true) return;
        this.#chunk = next.value;
        continue;
      }
      const part = this.#chunk.subarray(0, left);
      this.#chunk = this.#chunk.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  /** Puts bytes back in front. */
  unshift(bytes: Uint8Array): void {
    this.#chunk = this.#chunk.length === 0 ? bytes : Buffer.concat([bytes, this.#chunk]);
  }

  rest(): AsyncGenerator<Uint8Array> {
    return this.pass(Number.POSITIVE_INFINITY);
  }
}
