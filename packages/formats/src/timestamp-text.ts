import { timestampFromDate } from "@suar/stix";

const WRITTEN =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;

/** Epoch seconds between 2001 and 2100: ten digits that are no date by accident. */
const EPOCH = /^[1-4]\d{9}(?:\d{3})?(?:\.\d+)?$/;

/**
 * A STIX timestamp from the ways people and tools write one: year first, with or without a time and an offset
 * (none is UTC), or epoch seconds or milliseconds. Day-first and month-first dates are not guessed at.
 */
export function timestampFromText(text: string): string | undefined {
  const trimmed = text.trim();
  if (EPOCH.test(trimmed)) return stamp(Number(trimmed) * (trimmed.split(".")[0]?.length === 13 ? 1 : 1000));
  const match = WRITTEN.exec(trimmed);
  if (match === null) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", offset = "Z"] = match;
  const parts = [
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  ] as const;
  const date = new Date(Date.UTC(...parts));
  const isReal =
    date.getUTCMonth() === parts[1] && date.getUTCDate() === parts[2] && parts[3] < 24 && parts[4] < 60;
  if (!isReal || parts[5] > 59) return undefined;
  return stamp(date.getTime() + Math.floor(Number(`0${fraction}`) * 1000) - offsetMs(offset));
}

function offsetMs(offset: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(offset);
  if (match === null) return 0;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000;
}

function stamp(ms: number): string | undefined {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) || ms <= 0 ? undefined : timestampFromDate(date);
}
