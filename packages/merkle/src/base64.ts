/** Standard Base64 with padding (RFC 4648, section 4), as every C2SP text writes it. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** The bytes, or `undefined` unless the text is the one way to write them. */
export function fromBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}

/** Text that has one UTF-8: of half a surrogate pair encoders write U+FFFD, and two texts would be one. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value.isWellFormed();
}
