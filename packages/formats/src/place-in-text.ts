const NEWLINE = 0x0a;

/** Place of a byte of UTF-8 text: `line 1, column 1` is the first. Columns are counted in units of UTF-16, as editors do. */
export function placeInText(bytes: Uint8Array, offset: number): string {
  let line = 1;
  let start = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0 && at < offset; at = bytes.indexOf(NEWLINE, at + 1)) {
    line += 1;
    start = at + 1;
  }
  return `line ${line}, column ${unitsIn(bytes, start, offset) + 1}`;
}

/** Bytes that begin a character, and once more those of characters that UTF-16 writes as a pair: nothing is decoded. */
function unitsIn(bytes: Uint8Array, from: number, to: number): number {
  let units = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}
