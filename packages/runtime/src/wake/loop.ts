import type { Logger } from "../process/logger.ts";

/** A worker that looks for work when it is hinted, and now and then anyway. */
export type Loop = { wake(): void; stop(): Promise<void> };

export type LoopOptions = {
  name: string;
  log: Logger;
  /** Does one piece of work; true when there may be more at once. */
  step(): Promise<boolean>;
  /** Milliseconds between looks: while there was work lately, and when there was none for a while. */
  busyMs: number;
  idleMs: number;
};

const LATELY_MS = 1_000;
const SLOWEST_RETRY_MS = 2_000;

/** Steps never overlap; an error is logged and tried again with a growing pause; stop waits for the step. */
export function startLoop(options: LoopOptions): Loop {
  let stopped = false;
  let hinted = false;
  let lastWork = 0;
  let failures = 0;
  let wakeUp: (() => void) | undefined;

  const pause = async (ms: number): Promise<void> => {
    if (hinted || stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wakeUp = undefined;
  };
  const run = async (): Promise<void> => {
    while (!stopped) {
      hinted = false;
      try {
        const more = await options.step();
        failures = 0;
        if (more) {
          lastWork = Date.now();
          continue;
        }
        await pause(Date.now() - lastWork < LATELY_MS ? options.busyMs : options.idleMs);
      } catch (error) {
        failures += 1;
        if (!stopped)
          options.log.warn({ err: error, loop: options.name, failures }, "a step failed; it is tried again");
        hinted = false;
        await pause(Math.min(50 * 2 ** Math.min(failures, 6), SLOWEST_RETRY_MS));
      }
    }
  };
  const running = run();
  return {
    wake: () => {
      hinted = true;
      wakeUp?.();
    },
    stop: async () => {
      stopped = true;
      wakeUp?.();
      await running;
    },
  };
}
