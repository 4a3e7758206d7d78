const MICROS = 1_000_000;

let last = { second: Number.NaN, text: "" };

/** Microseconds since 1970 as RFC 3339 with six decimals. Entries of one stroke mostly share their second. */
export function instantOf(micros: number): string {
  const second = Math.floor(micros / MICROS);
  if (second !== last.second)
    last = { second, text: new Date(second * 1_000).toISOString().slice(0, "2000-01-01T00:00:00".length) };
  return `${last.text}.${String(micros - second * MICROS).padStart(6, "0")}Z`;
}
