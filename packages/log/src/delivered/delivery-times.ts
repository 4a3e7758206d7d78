/** Places of the log in one row of `delivered`. */
export const BLOCK = 512;

/** For each place of a block the seconds since 1970 at which it was handed over first and last; 0: not. */
export type TimesOfBlock = Uint32Array;

export function timesOfBlock(): TimesOfBlock {
  return new Uint32Array(2 * BLOCK);
}

/** Notes that a place was handed over; `at` in milliseconds. In any order: clocks of processes differ. */
export function noteTime(times: TimesOfBlock, seq: number, at: number): void {
  const place = 2 * (seq % BLOCK);
  const seconds = Math.floor(at / 1_000);
  const first = times[place] as number;
  if (first === 0 || seconds < first) times[place] = seconds;
  if (seconds > (times[place + 1] as number)) times[place + 1] = seconds;
}

/** What is stored, with what was noted since. */
export function mergedTimes(stored: Buffer, noted: TimesOfBlock): Buffer {
  const merged = Buffer.alloc(8 * BLOCK);
  stored.copy(merged);
  for (let place = 0; place < BLOCK; place++) {
    const [first = 0, last = 0] = [noted[2 * place], noted[2 * place + 1]];
    if (first === 0) continue;
    const known = merged.readUInt32BE(8 * place);
    if (known === 0 || first < known) merged.writeUInt32BE(first, 8 * place);
    if (last > merged.readUInt32BE(8 * place + 4)) merged.writeUInt32BE(last, 8 * place + 4);
  }
  return merged;
}

/** A place's eight bytes; undefined where it was not handed over. */
export function parseTimes(bytes: Buffer): { first: Date; last: Date } | undefined {
  const seconds = bytes.length === 8 ? bytes.readUInt32BE(0) : 0;
  if (seconds === 0) return undefined;
  return { first: new Date(seconds * 1_000), last: new Date(bytes.readUInt32BE(4) * 1_000) };
}
