const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;

/** 2^53 has 16 digits: of the whole numbers with fewer, a double holds each one. */
export const DIGITS_OF_DOUBT = 16;
/** The greatest double has 309 digits: what has more is read as Infinity anyway. */
const MOST_DIGITS = 309;
/** JSON, and read as Infinity. */
const BEYOND = "1e999";

/**
 * JSON.parse, but that no whole number comes out as another one: 12345678901234567890, which a double would make
 * 12345678901234567000, is read as Infinity, as 1e999 is, so that whoever judges what was read refuses both at their
 * place. A number with a fraction or an exponent is what a double makes of it: so STIX defines it (§2.6), and no
 * more precision is to be expected of JSON (RFC 7493 §2.2).
 */
export function parseJsonExactly(text: string): unknown {
  return JSON.parse(withoutAltered(text));
}

/** The text with BEYOND for each such number, filled up with spaces: errors still tell the place in the original. */
function withoutAltered(text: string): string {
  let kept = "";
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (isDigit(code)) {
      const end = endOfNumber(text, at);
      if (end - at >= DIGITS_OF_DOUBT && isAltered(text.slice(at, end))) {
        kept += text.slice(from, at) + BEYOND.padEnd(end - at);
        from = end;
      }
      at = end - 1;
    }
  }
  return kept + text.slice(from);
}

function endOfString(text: string, open: number): number {
  let at = open + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

export function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= ZERO && code <= 0x39;
}

const OF_A_NUMBER = /[-+.0-9eE]*/y;

function endOfNumber(text: string, from: number): number {
  OF_A_NUMBER.lastIndex = from;
  OF_A_NUMBER.exec(text);
  return OF_A_NUMBER.lastIndex;
}

/** Whether a literal is a whole number that is another one when it is written again. */
function isAltered(literal: string): boolean {
  if (literal.length > MOST_DIGITS || !/^[1-9][0-9]*$/.test(literal)) return false;
  const number = Number(literal);
  if (Number.isSafeInteger(number)) return false;
  const written = String(number);
  return written !== literal && withoutLastZeros(digitsOf(written)) !== withoutLastZeros(literal);
}

/** Those before the exponent, which numbers from 10^21 on are written with. */
function digitsOf(written: string): string {
  return written.replace(/e.*/, "").replace(".", "");
}

function withoutLastZeros(digits: string): string {
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === ZERO) end -= 1;
  return digits.slice(0, end);
}
