/** A JSON object, as far as one has to know to look inside. */
export type JsonRecord = Record<string, unknown>;

export function isJsonRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text of a field, trimmed; nothing when it is absent, empty or not text. */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  return text === "" ? undefined : text;
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
