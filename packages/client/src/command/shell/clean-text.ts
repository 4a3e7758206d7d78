// Controls (C0, C1, DEL), bidirectional overrides and zero-width marks.
const UNSAFE = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * Text from outside, made harmless for a terminal and one line long: reports hold what attackers wrote, and
 * an escape sequence must not reach the screen.
 */
export function cleanText(text: string, longest = 200): string {
  const clean = text.replace(/\s+/g, " ").replace(UNSAFE, "\ufffd").trim();
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}

/** JSON.stringify escapes C0 controls; the rest of what may move a cursor is escaped here. */
export function cleanJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
