import type { Queryable } from "@suar/runtime";
import { type RenditionState, selectClosings, selectStates } from "./store/closing.ts";

/** Longer than any page is read (the tail's statements end after ten seconds). */
const REMEMBERED_MS = 60_000;
/** So long after the last look nobody can say any more whether what is in memory is still theirs. */
export const CURRENT_MS = 2_000;

/**
 * What was closed lately. A transaction that closes something is seen here before the pen has logged it, so that what
 * processes have in memory is not served meanwhile. Each look finds what the snapshot of the one before did not show: no
 * commit is missed, however late it comes, and none is found twice.
 */
export class Closings {
  readonly #db: Queryable;
  /** That of the last look. */
  #snapshot: string | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looks = 0;
  /** By rendition: in which look it was found, and when. */
  readonly #lately = new Map<number, { look: number; at: number }>();

  constructor(db: Queryable) {
    this.#db = db;
  }

  /** Milliseconds since a look that found all there was began. */
  get age(): number {
    return performance.now() - this.#lookedAt;
  }

  get isCurrent(): boolean {
    return this.age < CURRENT_MS;
  }

  /** For `isClosedSince`: what is found from now on. */
  get mark(): number {
    return this.#looks;
  }

  isClosedSince(mark: number, renditionId: number): boolean {
    return (this.#lately.get(renditionId)?.look ?? 0) > mark;
  }

  /** What is new since the last look: how it stands with these renditions by now. Looks must not overlap. */
  async look(): Promise<ReadonlyMap<number, RenditionState>> {
    const began = performance.now();
    const { snapshot, renditions } = await selectClosings(this.#db, this.#snapshot);
    const states = renditions.length === 0 ? new Map() : await selectStates(this.#db, renditions);
    this.#snapshot = snapshot;
    this.#looks += 1;
    this.#remember(renditions, began);
    this.#lookedAt = began;
    return states;
  }

  #remember(renditions: readonly number[], at: number): void {
    for (const id of renditions) {
      this.#lately.delete(id);
      this.#lately.set(id, { look: this.#looks, at });
    }
    // In the order in which they were found.
    for (const [id, found] of this.#lately) {
      if (at - found.at < REMEMBERED_MS) return;
      this.#lately.delete(id);
    }
  }
}
