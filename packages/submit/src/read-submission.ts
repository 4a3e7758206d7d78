import type { Pool } from "@suar/runtime";
import { selectChunk } from "./store.ts";

/** The raw bytes of a submission of that size, a chunk at a time. */
export async function* readSubmission(
  pool: Pool,
  submissionId: string,
  bytes: number,
): AsyncGenerator<Uint8Array> {
  for (let n = 0, left = bytes; left > 0; n++) {
    const chunk = await selectChunk(pool, submissionId, n);
    if (chunk === undefined || chunk.length > left)
      throw new Error("the stored bytes are not those received");
    left -= chunk.length;
    yield chunk;
  }
}
