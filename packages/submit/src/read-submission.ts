import type { Pool } from "@suar/runtime";
import { selectChunk } from "./store.ts";

/** The raw bytes of a submission, a chunk at a time. */
export async function* readSubmission(pool: Pool, submissionId: string): AsyncGenerator<Uint8Array> {
  for (let n = 0; ; n++) {
    const chunk = await selectChunk(pool, submissionId, n);
    if (chunk === undefined) return;
    yield chunk;
  }
}
