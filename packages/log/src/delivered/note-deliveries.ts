import { type Logger, type Realm, type Stop, startLoop, transaction } from "@suar/runtime";
import { insertMissingBlocks, keyOf, lockBlocks, updateBlocks } from "../store/delivered.ts";
import { DeliveryNotes, type PendingBlock } from "./delivery-notes.ts";
import { BLOCK, mergedTimes } from "./delivery-times.ts";

const WRITE_EVERY_MS = 1_000;
const BLOCKS_AT_ONCE = 64;

const known = new WeakMap<Realm, DeliveryNotes>();

/** What this process has handed over in a realm. */
export function deliveryNotes(realm: Realm): DeliveryNotes {
  const notes = known.get(realm) ?? new DeliveryNotes();
  known.set(realm, notes);
  return notes;
}

/** Writes what this process has noted by now: for whoever asks what was delivered. */
export async function settleDeliveries(realm: Realm): Promise<void> {
  await writeNotes(realm, deliveryNotes(realm));
}

/** Blocks that a long answer has waiting at once: there is room for other deliveries beside it. */
const SLICE = 256;

const lastOf = new WeakMap<Realm, Promise<void>>();

/**
 * Notes what one long answer handed over, in the log's order: a slice at a time, each written before the next is noted, the
 * newest first, and one such answer after the other. Rejects when one cannot be written; what came before it is.
 */
export async function noteAtLength(
  realm: Realm,
  { organisationId, channel }: Pick<PendingBlock, "organisationId" | "channel">,
  seqs: readonly number[],
): Promise<void> {
  const at = Date.now();
  const work = async (): Promise<void> => {
    for (const slice of slicesOf(seqs)) {
      const note = deliveryNotes(realm).writer(organisationId, channel);
      for (const seq of slice) note(seq, at);
      await settleDeliveries(realm);
    }
  };
  // Whoever comes after it does not fail with it.
  const done = (lastOf.get(realm) ?? Promise.resolve()).then(work);
  lastOf.set(
    realm,
    done.catch(() => undefined),
  );
  await done;
}

function* slicesOf(seqs: readonly number[]): Generator<readonly number[]> {
  for (let end = seqs.length; end > 0; ) {
    const last = Math.floor((seqs[end - 1] ?? 0) / BLOCK);
    let from = end;
    while (from > 0 && last - Math.floor((seqs[from - 1] ?? 0) / BLOCK) < SLICE) from -= 1;
    yield seqs.slice(from, end);
    end = from;
  }
}

const writers = new WeakMap<Realm, { stop: Stop; users: number }>();

/**
 * Writes a realm's notes now and then, out of everybody's way, until the last of its users has stopped it. What a crash
 * takes away are the last seconds: a receipt then tells of fewer deliveries than there were.
 */
export function writeDeliveries(realm: Realm, log: Logger): Stop {
  const writer = writers.get(realm) ?? { stop: startWriting(realm, log), users: 0 };
  writers.set(realm, writer);
  writer.users += 1;
  return async () => {
    writer.users -= 1;
    if (writer.users > 0) return;
    writers.delete(realm);
    await writer.stop();
  };
}

function startWriting(realm: Realm, log: Logger): Stop {
  const notes = deliveryNotes(realm);
  const step = async (): Promise<boolean> => {
    await writeNotes(realm, notes);
    const lost = notes.takeLost();
    if (lost > 0) log.warn({ blocks: lost }, "deliveries were not noted: too many wait to be written");
    return false;
  };
  const name = `deliveries:${realm.name}`;
  const loop = startLoop({ name, log, step, busyMs: WRITE_EVERY_MS, idleMs: WRITE_EVERY_MS });
  return async () => {
    await loop.stop();
    await writeNotes(realm, notes).catch((error: unknown) =>
      log.warn({ err: error }, "the last deliveries were not written; their receipts lack them"),
    );
  };
}

async function writeNotes(realm: Realm, notes: DeliveryNotes): Promise<void> {
  const pending = notes.take();
  for (let from = 0; from < pending.length; from += BLOCKS_AT_ONCE) {
    try {
      await writeBlocks(realm, pending.slice(from, from + BLOCKS_AT_ONCE));
    } catch (error) {
      notes.giveBack(pending.slice(from));
      throw error;
    }
  }
}

async function writeBlocks(realm: Realm, blocks: readonly PendingBlock[]): Promise<void> {
  await transaction(
    realm.write,
    async (db) => {
      await insertMissingBlocks(db, blocks);
      const stored = await lockBlocks(db, blocks);
      const merged = blocks.map((one) => {
        return { ...one, stored: mergedTimes(stored.get(keyOf(one)) ?? Buffer.alloc(0), one.times) };
      });
      await updateBlocks(db, merged);
    },
    { synchronous_commit: "off" },
  );
}
