import { parsePattern } from "./parse-pattern.ts";

/** Whether a STIX pattern can be read; if not, why, with the line and column. */
export function checkPattern(pattern: string): { ok: true } | { ok: false; message: string } {
  const parsed = parsePattern(pattern);
  if (parsed.ok) return { ok: true };
  return { ok: false, message: `line ${parsed.line}, column ${parsed.column}: ${parsed.message}` };
}
