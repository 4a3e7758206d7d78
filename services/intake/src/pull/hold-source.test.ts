import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Fenced } from "../fenced.ts";
import { holdSource, LEASE_MS } from "./hold-source.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function hold(renew: () => Promise<boolean>) {
  const stopping = new AbortController();
  const errors: unknown[] = [];
  const failed = (error: unknown): void => void errors.push(error);
  const held = holdSource({ claimedAt: performance.now(), renew, failed, stopping: stopping.signal });
  return { ...held, stopping, errors };
}

it("holds for as long as it is renewed", async () => {
  const held = hold(async () => true);
  await vi.advanceTimersByTimeAsync(10 * LEASE_MS);
  expect(held.signal.aborted).toBe(false);
  held.end();
});

it("lets go once it is another's", async () => {
  const held = hold(async () => false);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(held.signal.reason).toBeInstanceOf(Fenced);
  held.end();
});

it("lets go when it could not be renewed for a lease's length, and not before", async () => {
  const held = hold(async () => {
    throw new Error("away");
  });
  await vi.advanceTimersByTimeAsync(LEASE_MS - 1_500);
  expect([held.signal.aborted, held.errors.length]).toEqual([false, 2]);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(held.signal.reason).toBeInstanceOf(Fenced);
  held.end();
});

it("lets go at a stop", () => {
  const held = hold(async () => true);
  held.stopping.abort();
  expect(held.signal.reason).toBeInstanceOf(Fenced);
  held.end();
});
