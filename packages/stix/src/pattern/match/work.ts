import { MatchError } from "./match-error.ts";

/** About five seconds, in units of 50 nanoseconds. */
const MOST = 100_000_000;

/** What one match may take: patterns and observations come from strangers, and their sizes multiply. */
export class Work {
  #left = MOST;

  /** Throws a MatchError once there is nothing left. */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw new MatchError("a pattern that takes too long on what was observed");
  }
}
