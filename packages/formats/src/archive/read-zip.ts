import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import { FormatError, WHOLE } from "../format-error.ts";
import type { ArchivedFile } from "./files-of.ts";
import { mostInflated, tooGreat } from "./inflation.ts";

const inflate = promisify(inflateRaw);

/** The directory of a zip stands at its end: it is held as a whole, and unpacked a file at a time. */
const MOST_PACKED = 64 * 1024 * 1024;
const MOST_UNPACKED = 64 * 1024 * 1024;
const MOST_FILES = 100_000;
/** APPNOTE.TXT 4.3.16: the end of the directory, before a comment of at most 65,535 bytes. */
const END = 0x06054b50;
const END_LENGTH = 22;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

type Entry = { name: string; method: number; flags: number; packed: number; size: number; offset: number };

/** The files of a zip archive (APPNOTE.TXT), in the order of its directory. */
export async function* readZip(source: AsyncIterable<Uint8Array>): AsyncGenerator<ArchivedFile> {
  const archive = await readAll(source);
  const entries = directoryOf(archive);
  // Files that share their bytes unpack to more than the archive could hold.
  const packed = entries.reduce((sum, entry) => sum + entry.packed, 0);
  if (packed > archive.length) throw malformed("Its files overlap");
  for (const entry of entries) {
    if (entry.name.endsWith("/")) continue;
    yield { name: entry.name, bytes: unpack(archive, entry) };
  }
}

async function readAll(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > MOST_PACKED)
      throw new FormatError("too-large", `A zip archive of more than ${MOST_PACKED} bytes`, WHOLE);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function directoryOf(archive: Buffer): Entry[] {
  const end = endOf(archive);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  if (count === 0xffff || at === 0xffffffff) throw malformed("A zip64 archive");
  if (count > MOST_FILES) throw new FormatError("too-large", `More than ${MOST_FILES} files`, WHOLE);
  const entries: Entry[] = [];
  for (let n = 0; n < count; n += 1) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== ENTRY)
      throw malformed("Its directory is broken");
    const [name, extra, comment] = [28, 30, 32].map((field) => archive.readUInt16LE(at + field)) as [
      number,
      number,
      number,
    ];
    entries.push({
      flags: archive.readUInt16LE(at + 8),
      method: archive.readUInt16LE(at + 10),
      packed: archive.readUInt32LE(at + 20),
      size: archive.readUInt32LE(at + 24),
      offset: archive.readUInt32LE(at + 42),
      name: archive.toString("utf8", at + 46, at + 46 + name),
    });
    at += 46 + name + extra + comment;
  }
  return entries;
}

function endOf(archive: Buffer): number {
  const first = Math.max(0, archive.length - END_LENGTH - 0xffff);
  for (let at = archive.length - END_LENGTH; at >= first; at -= 1)
    if (archive.readUInt32LE(at) === END) return at;
  throw malformed("It ends before its directory");
}

async function* unpack(
  archive: Buffer,
  { name, method, flags, packed, size, offset }: Entry,
): AsyncGenerator<Uint8Array> {
  if ((flags & ENCRYPTED) !== 0) throw malformed("An encrypted file", name);
  if (size > MOST_UNPACKED || size > mostInflated(packed)) throw tooGreat(name);
  if (offset + 30 > archive.length || archive.readUInt32LE(offset) !== LOCAL)
    throw malformed("A file is missing", name);
  const from = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
  const bytes = archive.subarray(from, from + packed);
  if (bytes.length < packed) throw malformed("A file is cut off", name);
  if (method === STORED) yield bytes;
  else if (method === DEFLATED)
    yield await inflated(bytes, name, Math.min(MOST_UNPACKED, mostInflated(packed)));
  else throw malformed(`A file is packed by method ${method}`, name);
}

async function inflated(bytes: Uint8Array, name: string, most: number): Promise<Uint8Array> {
  try {
    return await inflate(bytes, { maxOutputLength: most });
  } catch (cause) {
    // What is larger than it says is larger than it may be.
    if (cause instanceof RangeError) throw tooGreat(name);
    throw new FormatError("malformed-archive", "A file is broken", name, { cause });
  }
}

function malformed(what: string, name: string = WHOLE): FormatError {
  return new FormatError("malformed-archive", what, name);
}
