import type { Envelope } from "./source.ts";
import { TaxiiError } from "./taxii-error.ts";

/** Reads the body of an Add Objects request (§5.5): an envelope, never a bundle. */
export async function readEnvelope(body: AsyncIterable<Uint8Array>, most: number): Promise<Envelope> {
  const bytes = await readAtMost(body, most);
  const value = parse(bytes);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TaxiiError(422, "An envelope is a JSON object");
  const { objects, type } = value as { objects?: unknown; type?: unknown };
  if (type === "bundle") throw new TaxiiError(422, "Objects come in an envelope, not in a bundle");
  if (!Array.isArray(objects) || objects.length === 0)
    throw new TaxiiError(422, "An envelope has objects, one at least");
  if (objects.some((object) => typeof object !== "object" || object === null || Array.isArray(object)))
    throw new TaxiiError(422, "Every one of the objects has to be an object");
  return { objects, bytes };
}

async function readAtMost(body: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.byteLength;
    if (size > most) {
      const details = { max_content_length: String(most) };
      throw new TaxiiError(413, `A body may have ${most} octets at most`, { details });
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new TaxiiError(422, "The body is not JSON in UTF-8", { cause });
  }
}
