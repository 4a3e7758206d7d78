import { setTimeout as sleep } from "node:timers/promises";
import { routes } from "@suar/contract";
import type { Caller } from "../call.ts";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** Whether what changes took away is closed by now. */
export class Closing {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  async isUnderWay(): Promise<boolean> {
    return (await this.#caller.call(routes.readClosing, {})).closing;
  }

  /** Until it is over, or for so long; true where it is over. */
  async wait(timeoutMs: number): Promise<boolean> {
    const end = performance.now() + timeoutMs;
    for (let pause = FIRST_PAUSE_MS; await this.isUnderWay(); pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      if (performance.now() + pause > end) return false;
      await sleep(pause);
    }
    return true;
  }
}
