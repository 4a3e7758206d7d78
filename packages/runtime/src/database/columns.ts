/**
 * Columns for `unnest`, as the binary form of a PostgreSQL array: nothing to escape here and nothing to parse
 * there, which for bulk writes is half of their cost. The layout is that of array_send in PostgreSQL's
 * utils/adt/arrayfuncs.c: dimensions, has-null, element type, length, lower bound; then each element's size and
 * bytes, with size -1 for null.
 */
export function textColumn(values: readonly (string | null)[]): Buffer {
  return column(TEXT, values, (value) => Buffer.byteLength(value), writeText);
}

/** Whole numbers up to 2^53, as bigint[]. */
export function bigintColumn(values: readonly (number | null)[]): Buffer {
  return column(INT8, values, () => 8, writeBigint);
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
  return column(BYTEA, values, (value) => value.length, writeBytes);
}

const BYTEA = 17;
const INT8 = 20;
const TEXT = 25;
const HEADER = 20;

const NO_TEXTS = textColumn([]);
const NO_BIGINTS = bigintColumn([]);

function column<T>(
  type: number,
  values: readonly (T | null)[],
  sizeOf: (value: T) => number,
  write: (into: Buffer, value: T, at: number, size: number) => void,
): Buffer {
  const sizes = values.map((value) => (value === null ? -1 : sizeOf(value)));
  const total = sizes.reduce((sum, size) => sum + 4 + Math.max(size, 0), HEADER);
  const bytes = Buffer.allocUnsafe(total);
  bytes.writeInt32BE(1, 0);
  bytes.writeInt32BE(sizes.includes(-1) ? 1 : 0, 4);
  bytes.writeInt32BE(type, 8);
  bytes.writeInt32BE(values.length, 12);
  bytes.writeInt32BE(1, 16);
  let at = HEADER;
  for (const [index, value] of values.entries()) {
    const size = sizes[index] ?? -1;
    at = bytes.writeInt32BE(size, at);
    if (value === null) continue;
    write(bytes, value, at, size);
    at += size;
  }
  return bytes;
}

function writeText(into: Buffer, value: string, at: number, size: number): void {
  into.write(value, at, size);
}

/** The two halves of a number that is safe: no BigInt is made of it. */
function writeBigint(into: Buffer, value: number, at: number): void {
  if (!Number.isSafeInteger(value))
    throw new RangeError(`${value} is no whole number that PostgreSQL would be told of exactly`);
  into.writeInt32BE(Math.floor(value / HALF), at);
  into.writeUInt32BE(value >>> 0, at + 4);
}

const HALF = 2 ** 32;

function writeBytes(into: Buffer, value: Uint8Array, at: number): void {
  into.set(value, at);
}
