import { appendLeaf, emptyFrontier, parseFrontier, serializeFrontier } from "@suar/merkle";
import {
  channels,
  type Logger,
  type Loop,
  metrics,
  type PoolClient,
  type Realm,
  type Signals,
  startLoop,
  transaction,
} from "@suar/runtime";
import { lockHead, selectEnvelopes, writeEntries } from "./store.ts";

/**
 * The pen of a realm: gives each committed release the next contiguous `seq`, a strictly increasing time and
 * a leaf in the Merkle tree. Any number of processes may run one; the row lock on `log_head` lets one write
 * at a time, and short timeouts take the pen from a process that was cut off while holding it.
 */
const MOST_ENVELOPES = 32;
const LEAF = 32;

export function startPen(realm: Realm, signals: Signals, log: Logger): Loop {
  const loop = startLoop({
    name: `pen:${realm.name}`,
    log,
    busyMs: 25,
    idleMs: 250,
    step: async () => {
      const written = await writeOnce(realm);
      if (written === undefined) return false;
      metrics.logHead.labels(realm.name).set(written.head);
      signals.send(channels.log(realm.name), String(written.head));
      return written.more;
    },
  });
  const unlisten = signals.listen(channels.release(realm.name), () => loop.wake());
  return {
    wake: loop.wake,
    stop: async () => {
      unlisten();
      await loop.stop();
    },
  };
}

/** One stroke: undefined when nothing waits. */
async function writeOnce(realm: Realm): Promise<{ head: number; more: boolean } | undefined> {
  // Looked at without the lock first: idle realms cost one cheap query and no transaction.
  const waiting = await realm.write.query("SELECT FROM unsequenced LIMIT 1");
  if (waiting.rowCount === 0) return undefined;
  return await transaction(realm.write, async (db) => await stroke(db), PEN_TIMEOUTS);
}

/** A pen that was cut off frees itself. */
const PEN_TIMEOUTS = { idle_in_transaction_session_timeout: "1s", tcp_user_timeout: "1s" } as const;

async function stroke(db: PoolClient): Promise<{ head: number; more: boolean } | undefined> {
  const head = await lockHead(db);
  const envelopes = await selectEnvelopes(db, MOST_ENVELOPES);
  if (envelopes.length === 0) return undefined;
  const leaves = Buffer.concat(envelopes.map((envelope) => envelope.leaves));
  const count = leaves.length / LEAF;
  const batches = envelopes.map(({ batch }) => batch);
  await writeEntries(db, head, batches, count, extend(head.frontier, leaves));
  return { head: head.seq + count, more: envelopes.length === MOST_ENVELOPES };
}

function extend(stored: Buffer, leaves: Buffer): Buffer {
  let frontier = stored.length === 0 ? emptyFrontier() : parseFrontier(stored);
  for (let at = 0; at < leaves.length; at += LEAF)
    frontier = appendLeaf(frontier, leaves.subarray(at, at + LEAF));
  return Buffer.from(serializeFrontier(frontier));
}
