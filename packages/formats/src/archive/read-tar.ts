import { FormatError, WHOLE } from "../format-error.ts";
import type { ByteQueue } from "./byte-queue.ts";
import type { ArchivedFile } from "./files-of.ts";

const BLOCK = 512;

/** POSIX.1-1988 (ustar): a header of 512 bytes, the file, and zeros up to the next multiple of that. */
export async function* readTar(queue: ByteQueue): AsyncGenerator<ArchivedFile> {
  for (;;) {
    const header = Buffer.from(await queue.take(BLOCK));
    if (header.length === 0 || header.every((byte) => byte === 0)) return;
    const { name, size, isFile } = parseHeader(header);
    const padded = Math.ceil(size / BLOCK) * BLOCK;
    const file = new Passing(queue, size, name);
    if (isFile) yield { name, bytes: file };
    await file.finish(padded - size);
  }
}

/** The bytes of one file. What its reader leaves is passed over. */
class Passing implements AsyncIterable<Uint8Array> {
  readonly #queue: ByteQueue;
  readonly #name: string;
  #left: number;

  constructor(queue: ByteQueue, size: number, name: string) {
    this.#queue = queue;
    this.#left = size;
    this.#name = name;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    while (this.#left > 0) {
      const part = await this.#queue.take(Math.min(this.#left, 65_536));
      if (part.length === 0)
        throw new FormatError("malformed-archive", "The archive ends within a file", this.#name);
      this.#left -= part.length;
      yield part;
    }
  }

  async finish(padding: number): Promise<void> {
    for await (const _ of this);
    await this.#queue.take(padding);
  }
}

function parseHeader(header: Buffer): { name: string; size: number; isFile: boolean } {
  const text = (from: number, to: number): string => header.toString("latin1", from, to).split("\0")[0] ?? "";
  const sum = Number.parseInt(text(148, 156).trim(), 8);
  let real = 8 * 0x20;
  for (const [at, byte] of header.entries()) if (at < 148 || at >= 156) real += byte;
  if (header.length < BLOCK || sum !== real)
    throw new FormatError("malformed-archive", "Not the header of a file in a tar archive", WHOLE);
  const size = Number.parseInt(text(124, 136).trim() || "0", 8);
  if (!Number.isSafeInteger(size) || size < 0)
    throw new FormatError("malformed-archive", "A file without a size", text(0, 100));
  const prefix = text(345, 500);
  const name = prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`;
  const type = text(156, 157);
  return { name, size, isFile: type === "" || type === "0" };
}
