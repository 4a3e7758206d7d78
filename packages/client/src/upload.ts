import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { extname } from "node:path";
import { Readable } from "node:stream";
import type { Body, OpenBody } from "./call.ts";

/** Where a submission's bytes come from; a file and a function are opened anew for each try. */
export type Source =
  | { file: string }
  | { content: string | Uint8Array }
  | { open(): Readable | Promise<Readable> };

export type UploadProgress = { sent: number; total: number | undefined };

const CONTENT_TYPES: Record<string, string> = {
  ".json": "application/json",
  ".csv": "text/csv",
  ".txt": "text/plain",
  ".eml": "text/plain",
};

/** Turns a source into a body that is sent piece by piece, telling how far it got. */
export function bodyOf(source: Source, onProgress?: (progress: UploadProgress) => void): OpenBody {
  if ("content" in source) {
    const { content } = source;
    const body = typeof content === "string" ? content : new Uint8Array(content);
    return { open: () => body, contentType: "application/octet-stream" };
  }
  const contentType = "file" in source ? CONTENT_TYPES[extname(source.file).toLowerCase()] : undefined;
  return {
    open: async () => counted(await openSource(source), onProgress),
    contentType: contentType ?? "application/octet-stream",
  };
}

async function openSource(
  source: Exclude<Source, { content: unknown }>,
): Promise<{ stream: Readable; total: number | undefined }> {
  if ("open" in source) return { stream: await source.open(), total: undefined };
  const { size } = await stat(source.file);
  return { stream: createReadStream(source.file), total: size };
}

function counted(
  { stream, total }: { stream: Readable; total: number | undefined },
  onProgress?: (progress: UploadProgress) => void,
): Body {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    let sent = 0;
    for await (const piece of stream) {
      yield piece;
      sent += piece.length;
      onProgress?.({ sent, total });
    }
  }
  return Readable.toWeb(Readable.from(pieces(), { objectMode: false })) as unknown as Body;
}
