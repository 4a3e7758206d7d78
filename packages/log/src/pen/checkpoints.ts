import { formatVerifierKey, type GrowingTree, rootOf, type SignerKey, signCheckpoint } from "@suar/merkle";
import { metrics, type PoolClient, type Queryable } from "@suar/runtime";
import { askWitnesses, insertCheckpoint, selectUnwitnessedFor, selectWork } from "../store/checkpoint.ts";
import { type EpochRow, insertEpoch, selectEpoch } from "../store/epoch.ts";
import { dueOf } from "./due.ts";
import type { KeptCheckpoint } from "./kept-checkpoint.ts";
import { logKey, originOf } from "./log-key.ts";
import type { PenOptions } from "./pen-options.ts";

/** A quorum of witnesses comes together within a minute where enough of them run. */
const UNWITNESSED_AFTER_S = 600;

/** A pen's checkpoints: signed in its strokes, kept outside of the database after them. */
export class Checkpoints {
  readonly kept: KeptCheckpoint;
  readonly #options: PenOptions;
  #epoch: { row: EpochRow; key: SignerKey } | undefined;
  /** Signed in a stroke that is not committed yet. */
  #signed: string | undefined;

  constructor(options: PenOptions, kept: KeptCheckpoint) {
    this.#options = options;
    this.kept = kept;
  }

  /** The epoch at the log's head. The first one begins here, since SQL derives no keys. */
  async epochOf(db: Queryable, { epoch }: { epoch: string }): Promise<EpochRow> {
    if (this.#epoch?.row.epoch === epoch) return this.#epoch.row;
    const { secrets, realm, publicName } = this.#options;
    const known = await selectEpoch(db, epoch);
    const origin = known?.origin ?? originOf(publicName, realm.name, epoch);
    const key = logKey(secrets, realm, epoch, origin);
    const first = { epoch, after_seq: 0, origin, vkey: formatVerifierKey(key.verifier), restored_from: null };
    if (known === undefined) await insertEpoch(db, first);
    else this.#epoch = { row: known, key };
    return known ?? first;
  }

  /** Signs a checkpoint of the tree, and asks witnesses for the newest, as far as it is time to. */
  async sign(db: PoolClient, { epoch, origin }: EpochRow, tree: GrowingTree): Promise<void> {
    const due = dueOf(await selectWork(db));
    const { secrets, realm } = this.#options;
    if (due.sign) {
      const key = this.#epoch?.key ?? logKey(secrets, realm, epoch, origin);
      const note = signCheckpoint({ origin, size: tree.size, root: rootOf(tree) }, key);
      const lag = await insertCheckpoint(db, { size: tree.size, epoch, note });
      if (lag !== null) metrics.checkpointLag.labels(realm.name).observe(lag);
      this.#signed = note;
    }
    if (!due.ask) return;
    await askWitnesses(db);
    this.#tellUnwitnessed(await selectUnwitnessedFor(db));
  }

  forget(): void {
    this.#signed = undefined;
  }

  /** After the commit, so that what is kept is never ahead of the log. */
  async keep(): Promise<void> {
    const note = this.#signed;
    if (note === undefined) return;
    this.#signed = undefined;
    const subject = this.#subject("checkpoint");
    try {
      await this.kept.write(note);
      this.#options.troubles.delete(subject);
    } catch (err) {
      // The log goes on: what a backup would take away meanwhile is told by witnesses alone.
      this.#options.troubles.set(subject, "not kept");
      this.#options.log.error({ err, path: this.kept.path }, "the last checkpoint could not be kept");
    }
  }

  /** Says once that the log was set back, and once that it goes on. */
  tellBroken(why: string | undefined): void {
    const { troubles, log, realm } = this.#options;
    const subject = this.#subject("log");
    const told = troubles.get(subject);
    if (why === undefined) {
      if (told !== undefined) log.warn({ realm: realm.name }, "the log goes on");
      troubles.delete(subject);
    } else if (told === undefined) {
      troubles.set(subject, `set back: ${why}`);
      log.error(
        { realm: realm.name, kept: this.kept.path },
        `the log was set back: ${why}. Nothing is written to it until it is restored (npm run restore)`,
      );
    }
  }

  #tellUnwitnessed(seconds: number): void {
    const { troubles, log, realm } = this.#options;
    if (realm.kind === "drill") return; // members' witnesses follow the live log
    metrics.unwitnessed.labels(realm.name).set(seconds);
    const subject = this.#subject("witnesses");
    if (seconds < UNWITNESSED_AFTER_S) {
      troubles.delete(subject);
    } else if (!troubles.has(subject)) {
      troubles.set(subject, "too few cosign");
      log.warn({ realm: realm.name, seconds }, "the log grows, and too few members cosign its checkpoints");
    }
  }

  #subject(of: string): string {
    return `${of}:${this.#options.realm.name}`;
  }
}
