import { FormatError, WHOLE } from "./format-error.ts";
import { type JsonLimits, parseJsonBounded } from "./parse-json-bounded.ts";

/** Documents are read as a whole; a caller that wants them smaller bounds the source. */
const LIMITS: JsonLimits = { maxBytes: 128 * 1024 * 1024, maxDepth: 200 };

/** A whole JSON document from its chunks. */
export async function readDocument(source: AsyncIterable<Uint8Array>): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.byteLength;
    if (size > LIMITS.maxBytes)
      throw new FormatError("too-large", `More than ${LIMITS.maxBytes} bytes`, WHOLE);
    chunks.push(chunk);
  }
  if (size === 0) throw new FormatError("empty", "There is nothing in it", "line 1");
  return parseJsonBounded(Buffer.concat(chunks), LIMITS);
}
