import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MOST_ATTEMPTS, restFor, retryDelay } from "./schedule.ts";

describe("schedule", () => {
  it("retries over days, with jitter around each delay, and then gives up", () => {
    const delays = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, index) =>
      retryDelay(index + 1, 0.5, undefined),
    );
    expect(delays.every((delay) => delay !== undefined)).toBe(true);
    const hours = delays.reduce<number>((sum, delay) => sum + (delay ?? 0), 0) / 3_600_000;
    expect(hours).toBeGreaterThan(72);
    expect(retryDelay(MOST_ATTEMPTS, 0.5, undefined)).toBeUndefined();
    expect(retryDelay(1, 0, undefined)).toBe(3_750);
    expect(retryDelay(1, 0.999, undefined)).toBeLessThan(6_250);
  });

  it("waits as long as the receiver asks, never less than the schedule", () => {
    expect(retryDelay(1, 0.5, 60_000)).toBe(60_000);
    expect(retryDelay(4, 0.5, 1_000)).toBeGreaterThan(400_000);
  });

  it("lets an endpoint rest longer the longer it fails, up to a quarter of an hour", () => {
    expect(restFor(9)).toBe(0);
    expect(restFor(10)).toBe(5_000);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        (failures) => restFor(failures) <= restFor(failures + 1) && restFor(failures) <= 900_000,
      ),
    );
  });
});
