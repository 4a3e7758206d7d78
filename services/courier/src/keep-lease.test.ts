import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepLease, LEASE_MS } from "./keep-lease.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const lease = (renew: () => Promise<readonly number[]>, failed = vi.fn()) =>
  keepLease({ seqs: [1, 2], claimedAt: performance.now(), renew, failed });

describe("a lease", () => {
  it("holds for as long as it is renewed", async () => {
    const one = lease(async () => [1, 2]);
    await vi.advanceTimersByTimeAsync(10 * LEASE_MS);
    expect([1, 2, 3].map(one.holds)).toEqual([true, true, false]);
    one.end();
  });

  it("lets go of what became somebody else's", async () => {
    const one = lease(async () => [2]);
    await vi.advanceTimersByTimeAsync(LEASE_MS / 2);
    expect([1, 2].map(one.holds)).toEqual([false, true]);
    one.end();
  });

  it("ends when it cannot be renewed, and when it is not answered", async () => {
    const failed = vi.fn();
    const away = lease(async () => await Promise.reject(new Error("away")), failed);
    const silent = lease(async () => await new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(LEASE_MS - 1);
    expect([away.holds(1), silent.holds(1)]).toEqual([true, true]);
    await vi.advanceTimersByTimeAsync(1);
    expect([away.holds(1), silent.holds(1)]).toEqual([false, false]);
    expect(failed).toHaveBeenCalled();
    away.end();
    silent.end();
  });

  it("is renewed no more after its end", async () => {
    const renew = vi.fn(async () => [1, 2]);
    lease(renew).end();
    await vi.advanceTimersByTimeAsync(LEASE_MS);
    expect(renew).not.toHaveBeenCalled();
  });
});
