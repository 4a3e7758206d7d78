import { describe, expect, it } from "vitest";
import { createLogger } from "../process/logger.ts";
import { startLoop } from "./loop.ts";

describe("loop", () => {
  const log = createLogger("silent", "test");

  it("goes on after an error, and stops only between steps", async () => {
    let steps = 0;
    const loop = startLoop({
      name: "test",
      log,
      busyMs: 1,
      idleMs: 1,
      step: async () => {
        steps += 1;
        if (steps === 1) throw new Error("once");
        return false;
      },
    });
    while (steps < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    await loop.stop();
    const after = steps;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(steps).toBe(after);
  });

  it("looks at once when it is woken, also while it is stepping", async () => {
    const seen: number[] = [];
    let release: (() => void) | undefined;
    const loop = startLoop({
      name: "test",
      log,
      busyMs: 60_000,
      idleMs: 60_000,
      step: async () => {
        seen.push(seen.length);
        if (seen.length === 1) await new Promise<void>((resolve) => (release = resolve));
        return false;
      },
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    loop.wake();
    release?.();
    while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await loop.stop();
    expect(seen).toHaveLength(2);
  });
});
