import { TextDecoder } from "node:util";
import { decodeText } from "../decode-text.ts";
import { FormatError } from "../format-error.ts";

const HEAD = 256;

/** Text of an XML document: by its byte-order mark, else as its declaration says (XML 1.0 §4.3.3), else UTF-8. */
export async function* decodeXml(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const chunks = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < HEAD) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const label = /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/.exec(
    head.toString("latin1", 0, HEAD),
  )?.[1];
  const all = joined(head, chunks);
  if (label === undefined || /^utf-?(?:8|16)$/i.test(label)) yield* decodeText(all);
  else yield* decodedAs(label, all);
}

async function* joined(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* decodedAs(label: string, source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  try {
    const decoder = new TextDecoder(label, { fatal: true });
    for await (const chunk of source) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (cause) {
    throw new FormatError("malformed-utf8", `Not ${label}, as the document says of itself`, "line 1", {
      cause,
    });
  }
}
