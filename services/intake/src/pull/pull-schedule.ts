import type { TaxiiFaultCode } from "@suar/taxii";

/* When a source pulls again. Pure; chance, in [0, 1), is handed in. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** After so many failures in a row; the last one holds for all further ones. */
const DELAYS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR];

/** Milliseconds until the next try, never sooner than the server asks. */
export function retryDelay(failures: number, chance: number, retryAfterMs: number | undefined): number {
  const delay = DELAYS[Math.min(failures, DELAYS.length) - 1] ?? 5 * SECOND;
  return Math.max(delay * (0.75 + chance * 0.5), retryAfterMs ?? 0);
}

/** The same of a folder, which asks nobody: it waits no longer than it would anyhow. */
export function retryFolderDelay(failures: number, chance: number, everySeconds: number): number {
  return Math.min(retryDelay(failures, chance, undefined), nextPull(everySeconds, chance));
}

/** Milliseconds for which an event that was asked for so often is left alone: the first time until the next look. */
export function eventPatience(tries: number): number {
  const waits = [0, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR];
  return waits[Math.min(tries, waits.length) - 1] ?? 0;
}

/** Milliseconds until the next pull after one that went well: sources of one server do not all come at once. */
export function nextPull(everySeconds: number, chance: number): number {
  return everySeconds * SECOND * (0.95 + chance * 0.1);
}

/** A server that says no to who asks locks out whoever goes on asking. */
const MOST_REFUSALS = 3;
const REFUSALS = new Set<string>(["unauthorized", "forbidden"] satisfies TaxiiFaultCode[]);

/** Failures in a row, refusals and others each by themselves: who was away and then says no has said it once. */
export function failuresInARow(before: number, last: string | undefined, code: string): number {
  return last !== undefined && REFUSALS.has(last) !== REFUSALS.has(code) ? 1 : before + 1;
}

/** Why a source does not try again by itself; undefined while it does. */
export function disabledAfter(failures: number, code: string): string | undefined {
  if (failures < MOST_REFUSALS || !REFUSALS.has(code)) return undefined;
  return `the server refused its credentials ${MOST_REFUSALS} times; put them right there and resume it, or make it anew with others`;
}
