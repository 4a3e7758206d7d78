/**
 * When a failed delivery is tried again (Standard Webhooks' advice: days, not minutes), and when an endpoint
 * as a whole rests. Pure; chance is handed in.
 */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const DELAYS = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  12 * HOUR,
  24 * HOUR,
  24 * HOUR,
];

/** Tries in all: the first and one after each delay, about 76 hours. */
export const MOST_ATTEMPTS = DELAYS.length + 1;

/** Milliseconds until the next try; undefined when there is none. `chance` is in [0, 1). */
export function retryDelay(
  attempts: number,
  chance: number,
  retryAfterMs: number | undefined,
): number | undefined {
  const delay = DELAYS[attempts - 1];
  if (delay === undefined) return undefined;
  return Math.max(delay * (0.75 + chance * 0.5), retryAfterMs ?? 0);
}

/** Failures in a row that open the breaker, and how long it stays open: 5 s, doubling to 15 minutes. */
const BREAK_AFTER = 10;
const LONGEST_REST = 15 * MINUTE;

/** Milliseconds that an endpoint rests after so many failures in a row; 0 while the breaker is closed. */
export function restFor(failuresInARow: number): number {
  if (failuresInARow < BREAK_AFTER) return 0;
  return Math.min(5 * SECOND * 2 ** Math.min(failuresInARow - BREAK_AFTER, 20), LONGEST_REST);
}

/** An endpoint that had no success for so long is disabled; its cursor freezes, nothing is lost. */
export const DISABLE_AFTER_MS = 5 * 24 * HOUR;

/** Whether the circuit breaker is open. */
export function isResting<E extends { resting_until: Date | null }>(
  endpoint: E,
): endpoint is E & { resting_until: Date } {
  return endpoint.resting_until !== null && endpoint.resting_until.getTime() > Date.now();
}
