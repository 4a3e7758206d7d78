import { z } from "zod";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The ISO 8601 durations of fixed length. Months and years are left out: nobody can say how long they are. */
const FORM =
  /^P(?=\d|T\d)(?:(\d{1,4})W|(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7}(?:\.\d{1,3})?)S)?)?)$/;

export const Duration = z.string().regex(FORM, "expected an ISO 8601 duration such as PT1H30M");
export type Duration = z.infer<typeof Duration>;

/** The length in milliseconds. Throws a `RangeError` for what is no duration. */
export function parseDuration(iso: string): number {
  const match = FORM.exec(iso);
  if (!match) throw new RangeError("not an ISO 8601 duration of fixed length");
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  return weeks * 7 * DAY + days * DAY + hours * HOUR + minutes * MINUTE + Math.round(seconds * SECOND);
}

/** The shortest spelling of whole milliseconds: `PT0S`, `PT90M` as `PT1H30M`, `P1DT2H`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) throw new RangeError("a duration is finite and not negative");
  const whole = Math.round(ms);
  const parts = (
    [
      [Math.floor((whole % DAY) / HOUR), "H"],
      [Math.floor((whole % HOUR) / MINUTE), "M"],
      [(whole % MINUTE) / SECOND, "S"],
    ] as const
  ).filter(([amount]) => amount > 0);
  const days = Math.floor(whole / DAY);
  if (days === 0 && parts.length === 0) return "PT0S";
  const time = parts.map(([amount, unit]) => `${amount}${unit}`).join("");
  return `P${days > 0 ? `${days}D` : ""}${time && `T${time}`}`;
}
