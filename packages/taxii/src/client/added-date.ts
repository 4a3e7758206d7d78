import { isTimestamp, microsFromTimestamp, timestampFromMicros } from "@suar/stix";

const OFFSET = /^(.{10})[T ](.{8}(?:\.\d+)?)([+-])(\d\d):?(\d\d)$/;

/**
 * A date of X-TAXII-Date-Added-* as a timestamp with six decimals, never later than it was meant: finer digits are
 * cut. Servers write other precisions, offsets for `Z` (OpenCTI) and JavaScript's own form (ATT&CK); undefined for
 * what is no date ("undefined").
 */
export function addedDate(text: string | null | undefined): string | undefined {
  if (text === null || text === undefined) return undefined;
  const plain = text.trim();
  if (isTimestamp(plain)) return timestampFromMicros(microsFromTimestamp(plain));
  const [, date, time, sign, hours, minutes] = OFFSET.exec(plain) ?? [];
  if (sign !== undefined && isTimestamp(`${date}T${time}Z`)) {
    const ahead = BigInt(Number(hours) * 60 + Number(minutes)) * 60_000_000n;
    const micros = microsFromTimestamp(`${date}T${time}Z`);
    return timestampFromMicros(sign === "+" ? micros - ahead : micros + ahead);
  }
  const milliseconds = /\d{4}/.test(plain) ? Date.parse(plain) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : timestampFromMicros(BigInt(milliseconds) * 1_000n);
}

/** The moment before: `added_after` is exclusive, and others may have been added at the very date. */
export function justBefore(date: string): string {
  return timestampFromMicros(microsFromTimestamp(date) - 1n);
}
