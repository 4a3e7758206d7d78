import { TextDecoder } from "node:util";
import { FormatError } from "./format-error.ts";

/**
 * Text from its bytes, chunk by chunk, fatal on what is not text. UTF-8 with or without a byte-order mark, and
 * UTF-16 with one (what spreadsheets write as "Unicode text"). No text holds a NUL: what does is UTF-16 without its mark,
 * or no text at all.
 */
export async function* decodeText(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let line = 1;
  for await (const text of decodedText(source)) {
    const nul = text.indexOf("\0");
    if (nul >= 0)
      throw new FormatError(
        "malformed-utf8",
        "It holds a NUL, as text does not; save it as UTF-8 and send it again",
        `line ${line + newlinesIn(text.slice(0, nul))}`,
      );
    line += newlinesIn(text);
    yield text;
  }
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

async function* decodedText(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let first: Uint8Array = new Uint8Array(0);
  for await (const chunk of source) {
    if (decoder === undefined) {
      first = first.length === 0 ? chunk : Buffer.concat([first, chunk]);
      if (first.length < 2) continue;
      decoder = new TextDecoder(encodingOf(first), { fatal: true });
      yield decoded(decoder, first, true);
    } else yield decoded(decoder, chunk, true);
  }
  decoder ??= new TextDecoder("utf-8", { fatal: true });
  yield decoded(decoder, first.length < 2 ? first : undefined, false);
}

function encodingOf(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  return "utf-8";
}

function decoded(decoder: TextDecoder, bytes: Uint8Array | undefined, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch (cause) {
    throw new FormatError("malformed-utf8", "Not UTF-8 text; save it as UTF-8 and send it again", undefined, {
      cause,
    });
  }
}
