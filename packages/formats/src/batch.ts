import type { ReaderEvent } from "./draft.ts";

const BATCH = 500;

/** Gathers single events into the batches that readers yield. */
export function* inBatches(events: Iterable<ReaderEvent>): Generator<ReaderEvent[]> {
  let batch: ReaderEvent[] = [];
  for (const event of events) {
    batch.push(event);
    if (batch.length >= BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
