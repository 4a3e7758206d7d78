/**
 * Columns for `unnest`, as the binary form of a PostgreSQL array: nothing to escape here and nothing to parse
 * there, which for bulk writes is half of their cost. The layout is that of array_send in PostgreSQL's
 * utils/adt/arrayfuncs.c: dimensions, has-null, element type, length, lower bound; then each element's size and
 * bytes, with size -1 for null.
 */
export function textColumn(values: readonly (string | null)[]): Buffer {
  let most = HEADER;
  // A unit takes three bytes of UTF-8 at most.
  for (const value of values) most += 4 + (value === null ? 0 : value.length * 3);
  if (most > scratch.length) return largeTexts(values);
  return Buffer.from(scratch.subarray(0, writeTexts(values)));
}

/**
 * Where there is room for all of them, each text is written at once, and its size is known then. There is for the bodies of
 * a batch of indicators in several renditions.
 */
const scratch = Buffer.allocUnsafe(8_388_608);

function writeTexts(values: readonly (string | null)[]): number {
  let isFull = true;
  let at = HEADER;
  for (const value of values) {
    const size = value === null ? -1 : scratch.write(value, at + 4);
    isFull &&= value !== null;
    at = scratch.writeInt32BE(size, at) + Math.max(size, 0);
  }
  writeHeader(scratch, TEXT, values.length, isFull);
  return at;
}

/** Whole numbers up to 2^53, as bigint[]. Each is as long as the others, so that nothing is measured first. */
export function bigintColumn(values: readonly (number | null)[]): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER + values.length * (4 + NUMBER));
  let isFull = true;
  let at = HEADER;
  for (const value of values) {
    if (value === null) {
      isFull = false;
      at = bytes.writeInt32BE(-1, at);
      continue;
    }
    at = bytes.writeInt32BE(NUMBER, at);
    writeBigint(bytes, value, at);
    at += NUMBER;
  }
  writeHeader(bytes, INT8, values.length, isFull);
  return isFull ? bytes : bytes.subarray(0, at);
}

/**
 * A column beside others that are as long as the rows: where it has no value at all it is sent empty, since `unnest`
 * fills up with nulls.
 */
export function sparseTextColumn(values: readonly (string | null)[]): Buffer {
  return values.every((value) => value === null) ? NO_TEXTS : textColumn(values);
}

/** The same of whole numbers. */
export function sparseBigintColumn(values: readonly (number | null)[]): Buffer {
  return values.every((value) => value === null) ? NO_BIGINTS : bigintColumn(values);
}

export function byteaColumn(values: readonly Uint8Array[]): Buffer {
  let total = HEADER;
  for (const value of values) total += 4 + value.length;
  const bytes = Buffer.allocUnsafe(total);
  writeHeader(bytes, BYTEA, values.length, true);
  let at = HEADER;
  for (const value of values) {
    at = bytes.writeInt32BE(value.length, at);
    bytes.set(value, at);
    at += value.length;
  }
  return bytes;
}

const BYTEA = 17;
const INT8 = 20;
const TEXT = 25;
const HEADER = 20;
const NUMBER = 8;

const NO_TEXTS = textColumn([]);
const NO_BIGINTS = bigintColumn([]);

/** Texts that are large. */
function largeTexts(values: readonly (string | null)[]): Buffer {
  const sizes = values.map((value) => (value === null ? -1 : Buffer.byteLength(value)));
  const total = sizes.reduce((sum, size) => sum + 4 + Math.max(size, 0), HEADER);
  const bytes = Buffer.allocUnsafe(total);
  writeHeader(bytes, TEXT, values.length, !sizes.includes(-1));
  let at = HEADER;
  for (const [index, value] of values.entries()) {
    const size = sizes[index] ?? -1;
    at = bytes.writeInt32BE(size, at);
    if (value !== null) at += bytes.write(value, at, size);
  }
  return bytes;
}

function writeHeader(bytes: Buffer, type: number, count: number, isFull: boolean): void {
  bytes.writeInt32BE(1, 0);
  bytes.writeInt32BE(isFull ? 0 : 1, 4);
  bytes.writeInt32BE(type, 8);
  bytes.writeInt32BE(count, 12);
  bytes.writeInt32BE(1, 16);
}

/** The two halves of a number that is safe: no BigInt is made of it. */
function writeBigint(into: Buffer, value: number, at: number): void {
  if (!Number.isSafeInteger(value))
    throw new RangeError(`${value} is no whole number that PostgreSQL would be told of exactly`);
  into.writeInt32BE(Math.floor(value / HALF), at);
  into.writeUInt32BE(value >>> 0, at + 4);
}

const HALF = 2 ** 32;
