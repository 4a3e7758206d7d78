import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { FormatError, WHOLE } from "../format-error.ts";
import { ByteQueue } from "./byte-queue.ts";
import { Inflation } from "./inflation.ts";
import { readTar } from "./read-tar.ts";
import { readZip } from "./read-zip.ts";

/** A file of what was sent: the whole itself has no name. It is read before the next. */
export type ArchivedFile = { name: string; bytes: AsyncIterable<Uint8Array> };

const HEAD = 512;
const ZIP = Buffer.from([0x50, 0x4b, 0x03, 0x04]);
const GZIP = Buffer.from([0x1f, 0x8b]);
/** Archives in archives: `tar.gz` has two layers. */
const MOST_LAYERS = 3;

/** A pattern of what looks like an archive, by its first bytes, a character each. */
export function isArchive(head: string): boolean {
  return head.startsWith("PK\x03\x04") || head.startsWith("\x1f\x8b") || head.slice(257, 262) === "ustar";
}

/**
 * The files in what was sent: those of a zip or a tar archive, or the one that it is, unpacked where it is compressed.
 * An archive that would grow beyond all proportion is refused. Throws `malformed-archive` and `too-large`.
 */
export async function* filesOf(
  source: AsyncIterable<Uint8Array>,
  layers = MOST_LAYERS,
): AsyncGenerator<ArchivedFile> {
  const queue = new ByteQueue(source);
  const head = await queue.take(HEAD);
  queue.unshift(head);
  if (layers === 0 && isArchive(Buffer.from(head).toString("latin1")))
    throw new FormatError("malformed-archive", "An archive in an archive in an archive", WHOLE);
  if (startsWith(head, ZIP)) yield* withoutPackers(readZip(queue.rest()));
  else if (startsWith(head, GZIP)) yield* filesOf(gunzip(queue.rest()), layers - 1);
  else if (Buffer.from(head.subarray(257, 262)).toString("latin1") === "ustar")
    yield* withoutPackers(readTar(queue));
  else yield { name: "", bytes: queue.rest() };
}

/**
 * What macOS puts beside each file, under its name: attributes in AppleDouble (RFC 1740), which are no content and
 * nothing to tell of.
 */
async function* withoutPackers(files: AsyncIterable<ArchivedFile>): AsyncGenerator<ArchivedFile> {
  for await (const file of files) if (!/(?:^|\/)(?:__MACOSX\/|\._[^/]*$)/.test(file.name)) yield file;
}

function startsWith(bytes: Uint8Array, mark: Uint8Array): boolean {
  return bytes.length >= mark.length && mark.every((byte, at) => bytes[at] === byte);
}

async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflation = new Inflation();
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      inflation.took(chunk.length);
      yield chunk;
    }
  };
  const input = Readable.from(counted(), { objectMode: false });
  const gunzipped = input.on("error", (error) => gunzipped.destroy(error)).pipe(createGunzip());
  try {
    for await (const chunk of gunzipped as AsyncIterable<Uint8Array>) {
      inflation.gave(chunk.length);
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError("malformed-archive", "Not a whole gzip file", WHOLE, { cause });
  } finally {
    input.destroy();
    gunzipped.destroy();
  }
}
