import { type Logger, metrics } from "@suar/runtime";

/**
 * What the operator is told of a realm whose releases are not all decided anew: of how many organisations, in the log, the
 * metrics and /readyz, which name nobody.
 */
export class StuckPicture {
  readonly #realm: string;
  readonly #log: Logger;
  readonly #troubles: Map<string, string>;
  #told = 0;

  constructor(realm: string, { log, troubles }: { log: Logger; troubles: Map<string, string> }) {
    this.#realm = realm;
    this.#log = log;
    this.#troubles = troubles;
  }

  show(many: number): void {
    metrics.reevaluationsStuck.labels(this.#realm).set(many);
    if (many > this.#told)
      this.#log.warn(
        { realm: this.#realm, producers: many },
        "releases could not be decided anew; others go on, and they are tried again",
      );
    this.#told = many;
    const subject = `reevaluation:${this.#realm}`;
    if (many === 0) this.#troubles.delete(subject);
    else this.#troubles.set(subject, `not decided anew, tried again: releases of ${many} organisations`);
  }

  /** Nobody looks any more: nothing is said of the realm. */
  clear(): void {
    this.show(0);
    metrics.reevaluationsStuck.remove(this.#realm);
  }
}
