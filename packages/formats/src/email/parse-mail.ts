import { isUtf8 } from "node:buffer";
import PostalMime, { type Address, type Attachment, type Header } from "postal-mime";
import { FormatError, WHOLE } from "../format-error.ts";
import { isMail } from "./is-mail.ts";
import { messagesIn } from "./mailbox.ts";

/** A message with the messages that are attached to it. */
export type Mail = {
  headers: readonly Header[];
  from: readonly Mailbox[];
  sender: readonly Mailbox[];
  to: readonly Mailbox[];
  cc: readonly Mailbox[];
  bcc: readonly Mailbox[];
  subject: string | undefined;
  messageId: string | undefined;
  date: string | undefined;
  text: string | undefined;
  html: string | undefined;
  files: readonly MailFile[];
  attached: readonly Mail[];
  /** What is wrong with its form and could be read all the same. */
  faults: readonly string[];
};

export type Mailbox = { name: string; address: string };
export type MailFile = {
  name: string | undefined;
  mimeType: string;
  disposition: string | undefined;
  bytes: Uint8Array;
};

const MOST_BYTES = 64 * 1024 * 1024;
const MOST_PARTS = 10_000;
const DEEPEST_PARTS = 50;
const DEEPEST_MAIL = 8;
const MOST_MAILS = 200;
const MOST_HEADER_BYTES = 1024 * 1024;

/** RFC 5322 §2.2: a name of printable characters, a colon; after mbox's own first line and blank ones. */
const HEADER = /^(?:From [^\r\n]*\r?\n)?[!-9;-~]{1,76}:[ \t\r\n]?/;

/** The message from its chunks, or the messages of a mailbox, bounded as a whole. */
export async function readMails(source: AsyncIterable<Uint8Array>): Promise<Mail[]> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) throw new FormatError("too-large", `More than ${MOST_BYTES} bytes`, WHOLE);
    chunks.push(chunk);
  }
  const bytes = withoutMark(Buffer.concat(chunks));
  if (bytes.toString("latin1", 0, 4096).trim() === "")
    throw new FormatError("empty", "There is nothing in it", "line 1");
  const mails: Mail[] = [];
  const bounds = { depth: 0, left: MOST_MAILS };
  for (const message of messagesIn(bytes)) mails.push(await parseMail(message, bounds));
  return mails;
}

/** Bounds that hold for a message and all that are within it. */
type Bounds = { depth: number; left: number };

export async function parseMail(bytes: Buffer, bounds: Bounds): Promise<Mail> {
  if (!HEADER.test(bytes.toString("latin1", 0, 1024).trimStart()))
    throw new FormatError("not-a-bundle", "No header field of a message (RFC 5322 §2.2)", "line 1");
  if (partsIn(bytes) > MOST_PARTS) throw new FormatError("too-large", `More than ${MOST_PARTS} parts`, WHOLE);
  const email = await parsed(bytes);
  const attached: Mail[] = [];
  const files: MailFile[] = [];
  const faults = faultsOf(email.headers, bytes);
  for (const attachment of email.attachments) {
    const file = fileOf(attachment);
    if (!isMessage(file)) files.push(file);
    else if (bounds.depth >= DEEPEST_MAIL || bounds.left <= 0) {
      faults.push(
        `A message within more than ${DEEPEST_MAIL} others, or the ${MOST_MAILS}th, is kept as a file`,
      );
      files.push(file);
    } else {
      const inner = await innerMail(file, bounds);
      if (inner === undefined) files.push(file);
      else attached.push(inner);
      if (inner === undefined) faults.push("An attached message has no header and is kept as a file");
    }
  }
  return {
    headers: email.headers,
    from: boxesOf(email.from),
    sender: boxesOf(email.sender),
    to: boxesOf(email.to),
    cc: boxesOf(email.cc),
    bcc: boxesOf(email.bcc),
    subject: email.subject,
    messageId: email.messageId,
    // As written: without its zone it would be taken for this machine's.
    date: email.headers.find(({ key }) => key === "date")?.value.trim(),
    text: email.text,
    html: email.html,
    files,
    attached,
    faults,
  };
}

/** A message by its type, or a file of one that a mail program knew no type for. */
function isMessage({ mimeType, name = "", bytes }: MailFile): boolean {
  if (mimeType === "message/rfc822" || mimeType === "message/global") return true;
  const isUntyped = mimeType === "application/octet-stream" || mimeType === "text/plain";
  return (
    isUntyped && /\.eml$/i.test(name) && isMail(Buffer.from(bytes.subarray(0, 65_536)).toString("latin1"))
  );
}

async function innerMail(file: MailFile, bounds: Bounds): Promise<Mail | undefined> {
  bounds.left -= 1;
  const bytes = Buffer.from(file.bytes);
  if (!HEADER.test(bytes.toString("latin1", 0, 1024).trimStart())) return undefined;
  const inner = { depth: bounds.depth + 1, left: bounds.left };
  const mail = await parseMail(bytes, inner);
  bounds.left = inner.left;
  return mail;
}

async function parsed(bytes: Buffer): Promise<Awaited<ReturnType<typeof PostalMime.parse>>> {
  const start = /^(?:\s*From [^\r\n]*\r?\n)?\s*/.exec(bytes.toString("latin1", 0, 1024))?.[0].length ?? 0;
  try {
    return await PostalMime.parse(bytes.subarray(start), {
      forceRfc822Attachments: true,
      maxNestingDepth: DEEPEST_PARTS,
      maxHeadersSize: MOST_HEADER_BYTES,
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : "";
    if (/nesting/i.test(message)) throw new FormatError("too-deep", message, "line 1", { cause });
    if (/header size/i.test(message)) throw new FormatError("too-large", message, "line 1", { cause });
    throw new FormatError("not-a-bundle", "The message cannot be read (RFC 2045)", "line 1", { cause });
  }
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Every part begins behind a line of two hyphens and its boundary (RFC 2046 §5.1.1). */
function partsIn(bytes: Buffer): number {
  let parts = 0;
  for (let at = bytes.indexOf("\n--"); at >= 0 && parts <= MOST_PARTS; at = bytes.indexOf("\n--", at + 3))
    parts += 1;
  return parts;
}

function faultsOf(headers: readonly Header[], bytes: Buffer): string[] {
  const faults: string[] = [];
  const type = headers.find(({ key }) => key === "content-type")?.value ?? "";
  const boundary = /boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(type);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark !== undefined && !bytes.includes(`--${mark}--`))
    faults.push(`It ends before its last part does: there is no --${mark}-- (line ${linesOf(bytes)})`);
  const end = bytes.indexOf("\n\n");
  const crlf = bytes.indexOf("\r\n\r\n");
  const ends = [end, crlf, bytes.length].filter((at) => at >= 0);
  const head = bytes.subarray(0, Math.min(...ends));
  if (!isUtf8(head))
    faults.push("Its header is not in UTF-8 (RFC 6532); what could not be decoded is replaced");
  return faults;
}

function linesOf(bytes: Buffer): number {
  let lines = 1;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines += 1;
  return lines;
}

function boxesOf(written: Address | readonly Address[] | undefined): Mailbox[] {
  const all = written === undefined ? [] : Array.isArray(written) ? written : [written];
  return all.flatMap((one: Address) => (one.group === undefined ? [one] : one.group));
}

function fileOf({ filename, mimeType, disposition, content }: Attachment): MailFile {
  const bytes = typeof content === "string" ? Buffer.from(content) : new Uint8Array(content);
  return {
    name: filename ?? undefined,
    mimeType: mimeType.toLowerCase(),
    disposition: disposition ?? undefined,
    bytes,
  };
}
