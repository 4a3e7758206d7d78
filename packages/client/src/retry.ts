import { setTimeout as sleep } from "node:timers/promises";
import { SuarError } from "./error.ts";

const BASE_MS = 250;
const LONGEST_MS = 10_000;
/** Longer waits are for the caller to decide about. */
const LONGEST_ASKED_MS = 30_000;

export type Backoff = { baseMs: number; longestMs: number };

/** Exponential with jitter over the upper half, so that many clients that fell together do not return together. */
export function backoffMs(
  failures: number,
  { baseMs, longestMs }: Backoff = { baseMs: BASE_MS, longestMs: LONGEST_MS },
): number {
  const full = Math.min(longestMs, baseMs * 2 ** Math.min(failures, 20));
  return full * (0.5 + Math.random() / 2);
}

/** Whether another try may help: the network, an overloaded server, or the same request still under way. */
export function mayHelp(error: SuarError): boolean {
  if (["network", "timeout", "rate-limited", "in-progress"].includes(error.code)) return true;
  return error.status === 502 || error.status === 503 || error.status === 504;
}

/** Runs `attempt` until it succeeds, fails for good, or was tried `retries` times more. */
export async function withRetries<T>(
  retries: number,
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof SuarError) || failures >= retries || !mayHelp(error)) throw error;
      const asked = error.retryAfterMs ?? 0;
      if (asked > LONGEST_ASKED_MS) throw error;
      await sleep(Math.max(asked, backoffMs(failures)), undefined, signal === undefined ? {} : { signal });
    }
  }
}
