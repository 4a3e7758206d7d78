import type { Mailbox } from "./parse-mail.ts";

/** A message that stands in the text of another, as people forward what they were sent. */
export type Forwarded = {
  from: Mailbox[];
  to: Mailbox[];
  subject: string | undefined;
  date: string | undefined;
  text: string;
};

type Field = "from" | "to" | "cc" | "subject" | "date";

/** In English, Chinese, Malay and Indonesian, Vietnamese, Thai, Portuguese. */
const FIELDS: ReadonlyMap<string, Field> = new Map([
  ...named("from", "from 发件人 寄件者 dari từ จาก de"),
  ...named("to", "to 收件人 kepada ke đến ถึง para"),
  ...named("cc", "cc 抄送 sk tembusan"),
  ...named("subject", "subject 主题 主旨 subjek perihal chủđề เรื่อง assunto"),
  ...named(
    "date",
    "date sent 日期 时间 发送时间 tarikh tanggal dihantar dikirim ngày ngàygửi วันที่ ส่ง data enviada",
  ),
]);

function named(field: Field, names: string): [string, Field][] {
  return names.split(" ").map((name) => [name.normalize("NFC"), field]);
}

/** Names of fields are short: what stands before a colon further on is a sentence. */
const LONGEST_NAME = 30;
const ADDRESS = /[\p{L}\p{N}_.+%-]{1,64}@(?:\[[0-9A-Fa-f:.]{3,45}\]|[\p{L}\p{N}.-]{2,252}[\p{L}\p{N}])/gu;
const MOST_LINES = 10_000;
const LONGEST_LINE = 2_000;
/** A header that is written into a text has no more lines than these. */
const MOST_OF_HEADER = 12;

/** The messages forwarded inline: where lines of a text say from whom, and what about or when, in any order. */
export function forwardedIn(text: string): Forwarded[] {
  const lines = text.split(/\r?\n/, MOST_LINES).map((line) => line.slice(0, LONGEST_LINE));
  const found: Forwarded[] = [];
  for (let at = 0; at < lines.length && found.length < 20; at += 1) {
    if (fieldOf(lines[at]) === undefined) continue;
    const header = headerAt(lines, at);
    if (header === undefined) continue;
    const rest = lines.slice(header.end).map((line) => line.replace(/^>\s?/, ""));
    found.push({ ...header.fields, text: rest.join("\n").trim() });
    at = header.end;
  }
  return found;
}

function headerAt(
  lines: readonly string[],
  from: number,
): { fields: Omit<Forwarded, "text">; end: number } | undefined {
  const said = new Map<Field, string>();
  let at = from;
  for (; at < Math.min(lines.length, from + MOST_OF_HEADER); at += 1) {
    const [field, value] = fieldOf(lines[at]) ?? [];
    if (field !== undefined && value !== undefined) said.set(field, value);
    else if (lines[at]?.replace(/[\s>]/g, "") === "") break;
    // Before it is known from whom, a line without a name is one of the text.
    else if (!said.has("from")) return undefined;
  }
  if (!said.has("subject") && !said.has("date")) return undefined;
  const sender = boxesIn(said.get("from") ?? "");
  if (sender.length === 0) return undefined;
  const to = [...boxesIn(said.get("to") ?? ""), ...boxesIn(said.get("cc") ?? "")];
  return { fields: { from: sender, to, subject: said.get("subject"), date: said.get("date") }, end: at };
}

function fieldOf(line = ""): [Field, string] | undefined {
  const text = line.replace(/^[\s>*]+/, "");
  const end = text.slice(0, LONGEST_NAME).search(/[:：]/);
  if (end < 0) return undefined;
  const name = text.slice(0, end).normalize("NFC").toLowerCase().replace(/[\s*]/g, "");
  const field = FIELDS.get(name);
  return (
    field && [
      field,
      text
        .slice(end + 1)
        .replace(/^[\s*]+/, "")
        .trim(),
    ]
  );
}

function boxesIn(text: string): Mailbox[] {
  // Without runs of white space, which the name would be looked for in again and again.
  const plain = text
    .replace(/\s+/g, " ")
    .replace(/\[\.\]/g, ".")
    .replace(/\s?[[(](?:at|@)[\])]\s?/gi, "@");
  const addresses = plain.match(ADDRESS) ?? [];
  const [, name = ""] = /^"?([^"<[(]{1,200}?)"?\s*[<[(]/.exec(plain) ?? [];
  return addresses.slice(0, 100).map((address, at) => ({ name: at === 0 ? name.trim() : "", address }));
}
