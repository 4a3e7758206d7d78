/**
 * The log: one pen, dense numbers, one cursor, one filter, one reading function, one shared ring, and what was handed
 * to whom of it.
 *
 * Invariants
 * - Only committed releases are numbered. `seq` has no gaps and `logged_at` strictly increases with it, so a
 *   reader that sees `seq ≠ last + 1` knows that it missed something and reads the log.
 * - One entry is one object version × one rendition × one immutable audience; entries are never changed. A
 *   withdrawal is an entry of its own, and older entries of the withdrawn object serve its stub.
 * - `visibleTo()` is the one check of the shared tail, repeated at the moment of sending. Request paths read
 *   under row-level security besides.
 * - What is closed leaves memory within half a second, before the pen comes to it: the tail looks for it, and where it
 *   cannot, nothing that lies in memory is sent (`Tail.isCurrent`).
 * - What an organisation watches lies sealed, and is read by this package alone; a filter with `@watch` asks it anew at
 *   each look, so that a change is taken up within seconds and moves no cursor.
 * - What `@watch` let through is noted as delivered nowhere: receipts of probes would tell what is watched.
 * - Hints (signals) may be lost: the tail and the pen poll, and dense numbers make gaps visible.
 * - Deliveries are noted after they were made and written out of everybody's way: of what was handed over too little
 *   may be told after a crash, never too much. What was withdrawn is handed over as a withdrawal, at no older place.
 *
 * Its folders: pen (numbers, the tree, checkpoints, a log that was set back), read (cursor, filter, page, ring, tail),
 * delivered (what was handed over), watch (what organisations watch), and store, where all of its SQL stands.
 *
 * It decides nothing about who may see what (policy does) and writes no release (gate does).
 */

export { deliveredTo } from "./delivered/delivered-to.ts";
export type { DeliveryNotes } from "./delivered/delivery-notes.ts";
export {
  deliveryNotes,
  noteAtLength,
  settleDeliveries,
  writeDeliveries,
} from "./delivered/note-deliveries.ts";
export { receiptable } from "./delivered/receiptable.ts";
export { publicNameOf } from "./pen/log-key.ts";
export { startPen } from "./pen/pen.ts";
export { type Restored, restoreLog } from "./pen/restore-log.ts";
export { tileReader } from "./pen/tree-reader.ts";
export { resolveAfter } from "./read/cursor.ts";
export { type Entry, type Head, itemText } from "./read/entry.ts";
export { type Facts, factsOf, sectorsOf } from "./read/facts.ts";
export { compileFilter, type Matcher } from "./read/match.ts";
export { requestNames } from "./read/names.ts";
export { type Page, type PageRequest, readPage } from "./read/read-page.ts";
export type { Ring } from "./read/ring.ts";
export { shareTail, type Tail } from "./read/tail.ts";
export { type Reader, visibleTo } from "./read/visible-to.ts";
export { withNamed } from "./read/with-named.ts";
export { type CheckpointRow, noteWith, selectCheckpoint } from "./store/checkpoint.ts";
export { type Delivered, selectDelivered } from "./store/delivered.ts";
export { selectHead } from "./store/entries.ts";
export { type EpochRow, selectEpochs } from "./store/epoch.ts";
export { readWatchList, replaceWatchList, type WatchList, type WatchSeal } from "./watch/watch-list.ts";
export { OwnFilter } from "./watch/watched.ts";
