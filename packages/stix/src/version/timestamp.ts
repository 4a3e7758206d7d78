/**
 * Timestamps are text (STIX 2.1 §3.2, RFC 3339 in UTC, any precision): they are kept as written and compared
 * as instants. A Date would cut them to milliseconds and refuse the leap second `:60`.
 */
const SECONDS_END = 19;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Tells whether a text is a STIX timestamp that exists (30 February does not; a leap second does). Reads
 * characters, not a regular expression: every object holds several, and this is the hottest check of all.
 */
export function isTimestamp(text: string): boolean {
  if (text.length < 20 || text.length > 64) return false;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  // What is no digit is NaN, and every comparison with NaN is false.
  const date = year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  const clock = twoDigits(text, 11) <= 23 && twoDigits(text, 14) <= 59 && twoDigits(text, 17) <= 60;
  return date && clock && hasMarks(text) && hasFraction(text);
}

function twoDigits(text: string, at: number): number {
  const high = text.charCodeAt(at) - 48;
  const low = text.charCodeAt(at + 1) - 48;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : Number.NaN;
}

function hasMarks(text: string): boolean {
  return text[4] === "-" && text[7] === "-" && text[10] === "T" && text[13] === ":" && text[16] === ":";
}

/** What follows the seconds: `Z`, or a dot, at least one digit, and `Z`. */
function hasFraction(text: string): boolean {
  const end = text.length - 1;
  if (text[end] !== "Z") return false;
  if (end === SECONDS_END) return true;
  if (text[SECONDS_END] !== "." || end === SECONDS_END + 1) return false;
  for (let at = SECONDS_END + 1; at < end; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return false;
  }
  return true;
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
}

/** `created` and `modified` need at least three fractional digits (§3.2). */
export function isMillisecondTimestamp(text: string): boolean {
  return isTimestamp(text) && text.length >= SECONDS_END + ".000Z".length;
}

/** Negative, zero or positive as instant `a` is before, at or after `b`; throws a RangeError for other texts. */
export function compareTimestamps(a: string, b: string): number {
  if (!isTimestamp(a) || !isTimestamp(b)) refuse(isTimestamp(a) ? b : a);
  if (a === b) return 0;
  if (isLeapSecond(a) || isLeapSecond(b)) return compareInstants(a, b);
  // Up to the seconds all are written alike.
  const [x, y] = [a.slice(0, SECONDS_END), b.slice(0, SECONDS_END)];
  if (x !== y) return x < y ? -1 : 1;
  return compareFractions(a.slice(SECONDS_END + 1, -1), b.slice(SECONDS_END + 1, -1));
}

function isLeapSecond(text: string): boolean {
  return text.charCodeAt(17) === 54; // 6
}

function compareInstants(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  return left.seconds - right.seconds || compareFractions(left.fraction, right.fraction);
}

function compareFractions(a: string, b: string): number {
  const digits = Math.max(a.length, b.length);
  const [x, y] = [a.padEnd(digits, "0"), b.padEnd(digits, "0")];
  return x < y ? -1 : x > y ? 1 : 0;
}

function split(text: string): { seconds: number; fraction: string } {
  if (!isTimestamp(text)) refuse(text);
  // Second 60 counts as the next minute's first: a leap second is at least not before its minute's end.
  const minute = Date.parse(`${text.slice(0, 16)}:00Z`) / 1000;
  return { seconds: minute + twoDigits(text, 17), fraction: text.slice(SECONDS_END + 1, -1) };
}

/**
 * The shortest spelling of an instant: without zeros at the end of the fraction, and without an empty one. What is
 * no timestamp stays as it is.
 */
export function plainTimestamp(text: string): string {
  if (text.length === SECONDS_END + 1 || !isTimestamp(text)) return text;
  let end = text.length - 1;
  while (text[end - 1] === "0") end -= 1;
  if (text[end - 1] === ".") end -= 1;
  return `${text.slice(0, end)}Z`;
}

function refuse(text: string): never {
  throw new RangeError(`not a timestamp: ${String(text).slice(0, 40)}`);
}

/** Microseconds since 1970; finer digits are cut off. */
export function microsFromTimestamp(text: string): bigint {
  return instantOf(text, 6);
}

/** The instant in units of 10^-digits seconds since 1970; finer digits are cut off. Throws a RangeError. */
export function instantOf(text: string, digits: number): bigint {
  const { seconds, fraction } = split(text);
  return BigInt(seconds) * 10n ** BigInt(digits) + BigInt(fraction.slice(0, digits).padEnd(digits, "0"));
}

/** With six decimals, as TAXII 2.1 wants them. */
export function timestampFromMicros(micros: bigint): string {
  const whole = micros / 1_000_000n - (micros % 1_000_000n < 0n ? 1n : 0n);
  const rest = micros - whole * 1_000_000n;
  return `${new Date(Number(whole) * 1000).toISOString().slice(0, 19)}.${String(rest).padStart(6, "0")}Z`;
}

/** With three decimals, as `created` and `modified` need at least (§3.2). */
export function timestampFromDate(date: Date): string {
  return date.toISOString();
}
