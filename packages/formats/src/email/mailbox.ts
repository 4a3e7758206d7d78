import { FormatError, WHOLE } from "../format-error.ts";

const MOST_MESSAGES = 1_000;

/** RFC 4155: a line of From, an address and a time, behind a blank line or at the beginning; a header follows. */
const BETWEEN =
  /(?<=^|\r?\n\r?\n)From \S{1,320} [ \t]{0,3}[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [^\r\n]{1,80}\r?\n(?=[!-9;-~]{1,76}:)/g;

/** The messages of a mailbox (application/mbox); any other bytes are one message. */
export function messagesIn(bytes: Buffer): Buffer[] {
  if (!bytes.toString("latin1", 0, 1024).trimStart().startsWith("From ")) return [bytes];
  const text = bytes.toString("latin1");
  const starts = Array.from(text.matchAll(BETWEEN), ({ index }) => index);
  if (starts.length > MOST_MESSAGES)
    throw new FormatError("too-large", `More than ${MOST_MESSAGES} messages: send them in parts`, WHOLE);
  if (starts.length < 2) return [bytes];
  return starts.map((start, n) => bytes.subarray(n === 0 ? 0 : start, starts[n + 1]));
}
