import { entryLeaf, type GrowingTree, growTree, serializeFrontier } from "@suar/merkle";
import { channels, type Loop, metrics, type PoolClient, startLoop, transaction } from "@suar/runtime";
import { selectWork } from "../store/checkpoint.ts";
import { type Envelope, type LockedHead, lockHead, selectEnvelopes, writeEntries } from "../store/strokes.ts";
import { writeTiles } from "../store/tree.ts";
import { Checkpoints } from "./checkpoints.ts";
import { dueOf } from "./due.ts";
import { grownTiles } from "./grown-tiles.ts";
import { instantOf } from "./instant.ts";
import { keptCheckpoint } from "./kept-checkpoint.ts";
import { openTree } from "./open-tree.ts";
import type { PenOptions } from "./pen-options.ts";

/** What is worked out between two statements of a stroke takes a part of the second after which a pen is taken away. */
const AT_ONCE = { envelopes: 32, entries: 8_000 };
const HASH = 32;
/** Whether a log that was set back is restored by now is not asked at every turn. */
const LOOK_AGAIN_MS = 2_000;

/**
 * The pen of a realm: gives each committed release the next contiguous `seq`, a strictly increasing time and
 * a leaf in the Merkle tree, and signs checkpoints of it. Any number of processes may run one; the row lock on
 * `log_head` lets one write at a time, and short timeouts take the pen from a process that was cut off while
 * holding it. It writes nothing to a log that was set back to an older state.
 */
export function startPen(options: PenOptions): Loop {
  const { realm, signals, log } = options;
  const pen = new Pen(options);
  const loop = startLoop({
    name: `pen:${realm.name}`,
    log,
    busyMs: 25,
    idleMs: 250,
    step: async () => {
      const written = await pen.write();
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

type Written = { head: number; more: boolean };

class Pen {
  readonly #options: PenOptions;
  readonly #checkpoints: Checkpoints;
  /** The tree as this pen left it; read anew where another one wrote meanwhile, or anybody else. */
  #tree: { epoch: string; tree: GrowingTree; frontier: Buffer } | undefined;

  #restsUntil = 0;

  constructor(options: PenOptions) {
    this.#options = options;
    this.#checkpoints = new Checkpoints(options, keptCheckpoint(options.keepIn, options.realm.name));
  }

  /** One stroke: undefined when no entry was written. */
  async write(): Promise<Written | undefined> {
    const { realm } = this.#options;
    if (Date.now() < this.#restsUntil) return undefined;
    const work = await selectWork(realm.write);
    const due = dueOf(work);
    const isDue = due.sign || due.ask;
    // At the start the log is looked at, whether anything waits or not.
    if (!work.waiting && !isDue && this.#tree !== undefined) return undefined;
    this.#checkpoints.forget();
    try {
      const written = await transaction(
        realm.write,
        async (db) => await this.#stroke(db, isDue),
        PEN_TIMEOUTS,
      );
      await this.#checkpoints.keep();
      return written;
    } catch (error) {
      this.#tree = undefined; // whether it was committed is not known
      throw error;
    }
  }

  async #stroke(db: PoolClient, isDue: boolean): Promise<Written | undefined> {
    const head = await lockHead(db);
    const before = await this.#treeAt(db, head);
    if (before === undefined) return undefined;
    const epoch = await this.#checkpoints.epochOf(db, head);
    const { envelopes, isMore } = await selectEnvelopes(db, AT_ONCE);
    const leaves = leavesOf(envelopes, head, epoch.origin);
    const { tree, tiles } = growTree(before, leaves);
    const frontier = Buffer.from(serializeFrontier(tree));
    if (leaves.length > 0) {
      await writeEntries(db, head, {
        envelopes: placesOf(envelopes),
        count: leaves.length,
        commitments: Buffer.concat(envelopes.map(({ commitments }) => commitments)),
        leaves: Buffer.concat(leaves),
        frontier,
      });
      const grown = grownTiles(before, tree, tiles);
      if (grown.length > 0) await writeTiles(db, grown);
    }
    if (isDue) await this.#checkpoints.sign(db, epoch, tree);
    this.#tree = { epoch: head.epoch, tree, frontier };
    if (leaves.length === 0) return undefined;
    return { head: tree.size, more: isMore };
  }

  /** Undefined, and the operator told, where the log does not go on from what was kept of it. */
  async #treeAt(db: PoolClient, head: LockedHead): Promise<GrowingTree | undefined> {
    const own = this.#tree;
    const isOwn =
      own?.epoch === head.epoch && own.tree.size === head.seq && own.frontier.equals(head.frontier);
    if (isOwn) return own.tree;
    const { tree, broken } = await openTree(db, { head, kept: await this.#checkpoints.kept.read() });
    this.#checkpoints.tellBroken(broken);
    if (broken === undefined) return tree;
    this.#restsUntil = Date.now() + LOOK_AGAIN_MS;
    this.#tree = undefined;
    return undefined;
  }
}

/** A pen that was cut off frees itself. */
const PEN_TIMEOUTS = { idle_in_transaction_session_timeout: "1s", tcp_user_timeout: "1s" } as const;

/** Where the entries of each envelope begin. */
function placesOf(envelopes: readonly Envelope[]): { batch: number; first: number }[] {
  let first = 1;
  return envelopes.map(({ batch, commitments }) => {
    const place = { batch, first };
    first += commitments.length / HASH;
    return place;
  });
}

function leavesOf(envelopes: readonly Envelope[], head: LockedHead, origin: string): Uint8Array[] {
  const leaves: Uint8Array[] = [];
  for (const { kinds, commitments, of_before } of envelopes) {
    for (const [place, kind] of kinds.split(" ").entries()) {
      const commitment = commitments.subarray(place * HASH, (place + 1) * HASH);
      const loggedAt = instantOf(head.next_at + leaves.length);
      const seq = head.seq + leaves.length + 1;
      leaves.push(of_before ? commitment : entryLeaf({ origin, seq, loggedAt, kind }, commitment));
    }
  }
  return leaves;
}
