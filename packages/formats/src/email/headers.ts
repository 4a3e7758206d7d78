import type { Place, ReportReading } from "../report-reading.ts";
import type { Mail } from "./parse-mail.ts";

/** Those that have a place of their own in email-message, or say how the bytes were written. */
const CARRIED: ReadonlySet<string> = new Set(
  "from sender to cc bcc subject date message-id received content-type content-transfer-encoding content-disposition mime-version".split(
    " ",
  ),
);

/** Those that name who received it. */
const RECIPIENTS: ReadonlySet<string> = new Set(
  "delivered-to x-original-to envelope-to x-envelope-to x-forwarded-to x-forwarded-for resent-to resent-cc apparently-to disposition-notification-to x-rcpt-to x-ms-exchange-organization-recipientp2type x-recipient".split(
    " ",
  ),
);

const LONGEST = 4_000;
const MOST = 150;
const MOST_RECEIVED = 100;

export function receivedOf({ headers }: Mail): string[] {
  const lines = headers.filter(({ key }) => key === "received").map(({ value }) => value.trim());
  return lines
    .filter((line) => line !== "")
    .slice(0, MOST_RECEIVED)
    .map((line) => line.slice(0, LONGEST).toWellFormed());
}

/** The other headers (STIX 2.1 §6.6, additional_header_fields), under their names as written. */
export function headersOf(
  { headers }: Mail,
  place: Place,
  reading: ReportReading,
): Record<string, string | string[]> | undefined {
  const fields = new Map<string, string[]>();
  for (const { key, originalKey, value } of headers) {
    const name = /^[A-Za-z0-9_-]{1,250}$/.test(originalKey) ? originalKey : undefined;
    const text = value.trim();
    if (CARRIED.has(key) || text === "") continue;
    if (RECIPIENTS.has(key)) reading.lose(place, originalKey, "It names who received the message");
    else if (name === undefined || text.length > LONGEST || fields.size >= MOST)
      reading.lose(place, originalKey, `No room: ${MOST} fields of ${LONGEST} characters are carried`);
    else fields.set(name, [...(fields.get(name) ?? []), text.toWellFormed()]);
  }
  if (fields.size === 0) return undefined;
  return Object.fromEntries(
    [...fields].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values]),
  );
}
