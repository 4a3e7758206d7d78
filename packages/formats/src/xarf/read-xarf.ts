import { inBatches } from "../batch.ts";
import { decodeText } from "../decode-text.ts";
import type { Reader } from "../draft.ts";
import { isMail } from "../email/is-mail.ts";
import { type Mail, parseMail } from "../email/parse-mail.ts";
import { markingsIn } from "../email/read-email.ts";
import { Fields } from "../fields.ts";
import { FormatError, WHOLE } from "../format-error.ts";
import type { JsonRecord } from "../json-value.ts";
import { readLevel } from "../marking-label.ts";
import { labelsWithin, wholeOf } from "../markings-within.ts";
import { ReportReading } from "../report-reading.ts";
import { strictestOf, UNMARKED } from "../stricter-marking.ts";
import { readAbuse } from "./abuse.ts";
import { isReport, linesOfReport, parseReport } from "./report.ts";

const MOST_BYTES = 32 * 1024 * 1024;

/**
 * X-ARF 0.1 and 0.2, reports of abuse: a message whose second part is the report in YAML or JSON, or that part alone.
 * The evidence is carried by its hashes, as any file is.
 */
export const xarfReader: Reader = {
  name: "xarf",
  mediaTypes: ["application/x-arf"],
  streaming: false,
  detect(_mediaType, head) {
    // In the header alone: a message that another is attached to, or quoted in, is a message.
    if (isMail(head)) return /^X-X?ARF:/im.test(headerOf(head)) ? 0.95 : 0;
    return isReport(head) ? 0.92 : 0;
  },
  async *read(source) {
    const bytes = await wholeOfSource(source);
    const head = bytes.toString("latin1", 0, 64 * 1024);
    const mail = isMail(head) ? await parseMail(withNamedAsFiles(bytes), { depth: 0, left: 50 }) : undefined;
    const found = mail === undefined ? { text: await textOf(bytes), mail } : reportIn(mail);
    if (found === undefined)
      throw new FormatError("not-a-bundle", "No part of the message is a report of X-ARF", "line 1");
    const report = parseReport(found.text);
    const level = report.tlp === undefined ? UNMARKED : readLevel(String(report.tlp), "tlp");
    const marked = strictestOf([
      level,
      labelsWithin(report),
      ...(mail === undefined ? [] : markingsIn(mail)),
    ]);
    const reading = new ReportReading(nameOf(report), 0, wholeOf(marked, "/tlp"));
    readAbuse((place) => new Fields(report, "", place, reading), found.mail, reading);
    yield* inBatches(reading.finished());
  },
};

function nameOf(report: JsonRecord): string {
  return `xarf/${String(report["reported-from"] ?? "")}/${String(report["report-id"] ?? JSON.stringify(report))}`;
}

async function wholeOfSource(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) throw new FormatError("too-large", `More than ${MOST_BYTES} bytes`, WHOLE);
    chunks.push(chunk);
  }
  if (size === 0) throw new FormatError("empty", "There is nothing in it", "line 1");
  return Buffer.concat(chunks);
}

async function textOf(bytes: Buffer): Promise<string> {
  let text = "";
  for await (const part of decodeText(oneChunk(bytes))) text += part;
  return text;
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

type Found = { text: string; mail: Mail | undefined };

/**
 * The report is a file of its own, or stands in the text after what is for people to read; else it is that of a
 * message which somebody attached. With it what is left of its message, which is the evidence.
 */
function reportIn(mail: Mail): Found | undefined {
  for (const file of mail.files) {
    if (file.bytes.byteLength > 1024 * 1024 || !/yaml|json|text|octet/.test(file.mimeType)) continue;
    const text = Buffer.from(file.bytes).toString("utf8");
    if (isReport(text)) return { text, mail: { ...mail, files: mail.files.filter((one) => one !== file) } };
  }
  const text = reportWithin(mail.text ?? "");
  if (text !== undefined) return { text, mail };
  for (const inner of mail.attached) {
    const found = reportIn(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

function headerOf(head: string): string {
  return head.trimStart().split(/\r?\n\r?\n/, 1)[0] ?? "";
}

/** The header of a part behind its boundary (RFC 2046 §5.1.1). */
const PART =
  /(\r?\n--[^\r\n]{1,200}\r?\n)((?:[!-9;-~]{1,76}:[^\r\n]{0,1000}\r?\n(?:[ \t][^\r\n]{0,1000}\r?\n){0,20}){1,50})/g;

/** The log is the third part, mostly of text and with a name and nothing else that says it is a file. */
function withNamedAsFiles(bytes: Buffer): Buffer {
  const text = bytes.toString("latin1").replace(PART, (whole, boundary: string, header: string) => {
    const isNamed = /^content-type:\s*text\/plain\b(?:[^\r\n]|\r?\n[ \t]){0,500};\s*name\s*=/im.test(header);
    return isNamed && !/^content-disposition:/im.test(header)
      ? `${boundary}Content-Disposition: attachment\r\n${header}`
      : whole;
  });
  return Buffer.from(text, "latin1");
}

const MOST_LINES = 5_000;
const MOST_STARTS = 50;
/** A report has a few dozen fields. */
const LONGEST_REPORT = 300;

/** A report that stands in a text, from its first field to the blank line behind its last. */
function reportWithin(text: string): string | undefined {
  const lines = text.slice(0, 1024 * 1024).split(/\r?\n/, MOST_LINES);
  const starts = lines.flatMap((line, at) =>
    /^(?:---\s*|\{\s*|"?(?:reported-from|category|report-type|version|source)"?\s*:.*)$/i.test(line)
      ? [at]
      : [],
  );
  for (const start of starts.slice(0, MOST_STARTS)) {
    const body = lines.slice(start, start + LONGEST_REPORT);
    const enough = linesOfReport(body);
    if (enough === undefined) continue;
    const end = body.findIndex((line, at) => at >= enough && line.trim() === "");
    return (end < 0 ? body : body.slice(0, end)).join("\n").replace(/^---\s*\n/, "");
  }
  return undefined;
}
