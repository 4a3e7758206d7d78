import { createHash } from "node:crypto";
import { drop } from "../drop.ts";
import type { Place, ReportReading } from "../report-reading.ts";
import { timestampFromText } from "../timestamp-text.ts";
import { canonicalOf } from "../value-kind.ts";
import { hopsOf, textOf, valuesIn } from "./contents.ts";
import { type Forwarded, forwardedIn } from "./forwarded.ts";
import { headersOf, receivedOf } from "./headers.ts";
import type { Mail, Mailbox, MailFile } from "./parse-mail.ts";

const LONGEST_BODY = 200_000;
const MOST_VALUES = 2_000;
const ARCHIVE = /zip|x-(?:rar|7z|tar|gzip)|iso9660/;

/** One message, what it carries and what it leads to, and after it the messages that are attached or forwarded. */
export function draftMail(mail: Mail, at: string, receivedAt: string, reading: ReportReading): string {
  const place = reading.record(at);
  for (const fault of mail.faults) reading.lose(place, "form", fault);
  const { text, seen, links, isCut } = textOf(mail);
  if (mail.html !== undefined)
    reading.lose(place, "html", "Carried as the text that a reader sees, and what it leads to");
  if (isCut) reading.lose(place, "html", "Only the first million characters and 5,000 links were taken");
  const refs: string[] = [];
  const bodies = [
    ...(text === ""
      ? []
      : [{ content_type: "text/plain; charset=utf-8", body: bodyOf(text, place, reading) }]),
    ...mail.files.map((file) => draftFile(file, place, refs, reading)),
  ];
  const message = draftMessage(mail, bodies, place, refs, reading);
  for (const local of draftValues(seen, links, place, reading)) refs.push(local);
  for (const local of draftHops(mail, place, reading)) refs.push(local);
  observe(place, dateOf(mail.date) ?? receivedAt, [message, ...refs], reading);
  for (const [n, inner] of mail.attached.entries())
    tie(
      place,
      draftMail(inner, `${at}/attached ${n + 1}`, receivedAt, reading),
      message,
      "Attached",
      reading,
    );
  for (const [n, one] of forwardedIn(text).entries()) {
    const inner = draftForwarded(one, `${at}/forwarded ${n + 1}`, receivedAt, reading);
    tie(place, inner, message, "Forwarded in its text", reading);
  }
  return message;
}

function tie(
  place: Place,
  source: string,
  target: string,
  description: string,
  reading: ReportReading,
): void {
  if (source !== target) reading.relate(place, { type: "related-to", source, target, description });
}

type Part = Record<string, unknown>;

function draftMessage(
  mail: Mail,
  parts: readonly Part[],
  place: Place,
  refs: string[],
  reading: ReportReading,
): string {
  const type = mail.headers.find(({ key }) => key === "content-type")?.value;
  const isMultipart = mail.files.length > 0 || /^multipart\//i.test(type ?? "");
  const from = boxesIn(mail.from, "sender", place, reading);
  const sender = boxesIn(mail.sender, "sender", place, reading);
  const to = boxesIn(mail.to, "recipient", place, reading);
  const cc = boxesIn(mail.cc, "recipient", place, reading);
  const bcc = boxesIn(mail.bcc, "recipient", place, reading);
  refs.push(...from, ...sender, ...to, ...cc, ...bcc);
  if (mail.date !== undefined && dateOf(mail.date) === undefined)
    reading.lose(place, "Date", `No time: ${mail.date.slice(0, 60)}`);
  const received = receivedOf(mail);
  const object = drop({
    is_multipart: isMultipart,
    date: dateOf(mail.date),
    content_type: type?.slice(0, 500),
    from_ref: from[0],
    sender_ref: sender[0],
    to_refs: filled(to),
    cc_refs: filled(cc),
    bcc_refs: filled(bcc),
    message_id: mail.messageId?.slice(0, 1_000),
    subject: mail.subject === "" ? undefined : mail.subject?.slice(0, 2_000).toWellFormed(),
    received_lines: filled(received),
    additional_header_fields: headersOf(mail, place, reading),
    body: isMultipart ? undefined : (parts[0]?.body as string | undefined),
    body_multipart: isMultipart ? filled(parts) : undefined,
  });
  return reading.object(place, nameOf(object), { type: "email-message", ...object });
}

function nameOf(object: object): string {
  return createHash("sha256").update(JSON.stringify(object)).digest("hex");
}

function filled<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function bodyOf(text: string, place: Place, reading: ReportReading): string {
  if (text.length > LONGEST_BODY) reading.lose(place, "body", `Cut after ${LONGEST_BODY} characters`);
  return text.slice(0, LONGEST_BODY).toWellFormed();
}

/**
 * Addresses of a header. Recipients are those whom the message was meant to harm: what email-message refers to in
 * to_refs, cc_refs and bcc_refs is a victim's, and their names are not carried at all.
 */
function boxesIn(
  boxes: readonly Mailbox[],
  role: "sender" | "recipient",
  place: Place,
  reading: ReportReading,
): string[] {
  const locals = boxes.slice(0, 500).flatMap(({ name, address }) => {
    const canonical = canonicalOf("email", address);
    if (!canonical.ok) {
      if (address !== "") reading.lose(place, role, `No address of e-mail: ${address.slice(0, 80)}`);
      return [];
    }
    if (role === "recipient" && name !== "") reading.lose(place, role, "Names of recipients are not carried");
    const display_name = role === "sender" && name !== "" ? name.slice(0, 500).toWellFormed() : undefined;
    const object = drop({ type: "email-addr", value: canonical.value, display_name });
    return [reading.object(place, `email/${canonical.value}`, object)];
  });
  return [...new Set(locals)];
}

function draftFile(file: MailFile, place: Place, refs: string[], reading: ReportReading): Part {
  const digest = (algorithm: string): string => createHash(algorithm).update(file.bytes).digest("hex");
  const hashes = { MD5: digest("md5"), "SHA-1": digest("sha1"), "SHA-256": digest("sha256") };
  reading.lose(place, "attachment", "Files are not carried, only their name and hashes");
  if (ARCHIVE.test(file.mimeType)) reading.lose(place, "attachment", "Archives are not opened");
  const name = file.name?.slice(0, 1_000).toWellFormed();
  const object = drop({ type: "file", name, size: file.bytes.byteLength, mime_type: file.mimeType, hashes });
  const local = reading.object(place, `file/${hashes["SHA-256"]}/${name ?? ""}`, object);
  refs.push(local);
  return drop({ content_type: file.mimeType, content_disposition: file.disposition, body_raw_ref: local });
}

/** What STIX has no observable for: a wallet to be paid to is an indicator, and a CVE is a vulnerability. */
const UNSEEN: ReadonlySet<string> = new Set(["btc", "cve"]);

function* draftValues(
  text: string,
  links: readonly string[],
  place: Place,
  reading: ReportReading,
): Generator<string> {
  const { values, passed } = valuesIn(text, links);
  for (const { kind, raw } of values.slice(0, MOST_VALUES)) {
    const local = reading.value(place, kind, raw, kind === "btc" ? "indicator" : "observable");
    if (local !== undefined && !UNSEEN.has(kind)) yield local;
  }
  if (values.length > MOST_VALUES)
    reading.lose(place, "body", `Only the first ${MOST_VALUES} values were taken`);
  for (const [what, count] of passed)
    reading.lose(place, "body", `Not taken from its text: ${count} ${what}`);
}

function* draftHops(mail: Mail, place: Place, reading: ReportReading): Generator<string> {
  const written = mail.headers
    .filter(({ key }) => key === "x-originating-ip")
    .map(({ value }) => ` ${value} `);
  const { hops, internal } = hopsOf([...receivedOf(mail), ...written]);
  if (internal > 0)
    reading.lose(place, "Received", `${internal} addresses of private networks are not carried`);
  for (const { kind, raw } of hops.slice(0, 100)) {
    const local = reading.value(place, kind, raw, "observable");
    if (local !== undefined) yield local;
  }
}

function observe(place: Place, time: string, refs: readonly string[], reading: ReportReading): void {
  const object = {
    first_observed: time,
    last_observed: time,
    number_observed: 1,
    object_refs: [...new Set(refs)],
  };
  reading.object(place, `observed/${refs[0]}`, { type: "observed-data", ...object });
}

/** A message that somebody put into the text of another: of its header there is what they left of it. */
function draftForwarded(one: Forwarded, at: string, receivedAt: string, reading: ReportReading): string {
  const place = reading.record(at);
  const from = boxesIn(one.from, "sender", place, reading);
  const to = boxesIn(one.to, "recipient", place, reading);
  const date = dateOf(one.date);
  if (one.date !== undefined && date === undefined)
    reading.lose(place, "Date", `No time: ${one.date.slice(0, 60)}`);
  const object = drop({
    is_multipart: false,
    date,
    from_ref: from[0],
    to_refs: filled(to),
    subject: one.subject === "" ? undefined : one.subject,
    body: one.text === "" ? undefined : bodyOf(one.text, place, reading),
  });
  const message = reading.object(place, nameOf(object), { type: "email-message", ...object });
  observe(place, date ?? receivedAt, [message, ...from, ...to], reading);
  return message;
}

/** What is longer is no date, and brackets in it would be looked for from each to the end. */
const LONGEST_DATE = 200;
/** A time zone of RFC 5322 §3.3 and §4.3, with a comment behind it. */
const ZONED = /(?:[+-]\d{4}|GMT|UTC?|Z|[ECMP][SD]T)(?:\s*\([^)]*\))?$/;

/** RFC 5322 §3.3 with its time zone; without one, as people write it, only when it is year first. */
function dateOf(text: string | undefined): string | undefined {
  if (text === undefined || text.length > LONGEST_DATE) return undefined;
  const plain = timestampFromText(text);
  if (plain !== undefined) return plain;
  if (!ZONED.test(text.trim())) return undefined;
  const time = Date.parse(text.replace(/\([^)]*\)/g, ""));
  return Number.isNaN(time) || time <= 0 ? undefined : timestampFromText(new Date(time).toISOString());
}
