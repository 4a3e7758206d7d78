import { createLogger, metrics } from "@suar/runtime";
import { beforeEach, expect, test, vi } from "vitest";
import { StuckProducers } from "./stuck-producers.ts";

const SUBJECT = "reevaluation:live";
const troubles = new Map<string, string>();
let stuck: StuckProducers;
beforeEach(() => {
  troubles.clear();
  stuck = new StuckProducers("live", { log: createLogger("silent", "test"), troubles });
});

const failure = new Error("a page failed");
const gauge = async () => (await metrics.reevaluationsStuck.get()).values.map(({ value }) => value);

test("tells of a producer from the third failure in a row on, until a page of it is done", () => {
  const told = [1, 2, 3].map(() => {
    stuck.failed("closing", 1, failure);
    return troubles.has(SUBJECT);
  });
  expect(told).toEqual([false, false, true]);
  stuck.worked("closing", 1);
  expect(troubles.has(SUBJECT)).toBe(false);
  stuck.failed("closing", 1, failure);
  expect(troubles.has(SUBJECT)).toBe(false);
});

test("tells of one that has failed for five seconds, also while it is waited for", () => {
  const clock = vi.spyOn(performance, "now").mockReturnValue(0);
  try {
    stuck.failed("closing", 1, failure);
    clock.mockReturnValue(4_999);
    stuck.keep(() => true, []);
    expect(troubles.has(SUBJECT)).toBe(false);
    clock.mockReturnValue(5_000);
    stuck.keep(() => true, []);
    expect(troubles.has(SUBJECT)).toBe(true);
  } finally {
    clock.mockRestore();
  }
});

test("lets what is to be closed rest for two seconds at most, and what is to be told for half a minute", () => {
  const clock = vi.spyOn(performance, "now").mockReturnValue(0);
  const restsAt = (ms: number) => {
    clock.mockReturnValue(ms);
    return [stuck.rests("closing", 1), stuck.rests("telling", 1)];
  };
  try {
    for (let times = 0; times < 20; times++)
      for (const task of ["closing", "telling"] as const) stuck.failed(task, 1, failure);
    expect(restsAt(1_999)).toEqual([true, true]);
    expect(restsAt(2_000)).toEqual([false, true]);
    expect(restsAt(30_000)).toEqual([false, false]);
  } finally {
    clock.mockRestore();
  }
});

test("tells of objects that cannot be decided at once, each producer once, and of nothing when nobody looks any more", async () => {
  stuck.keep(() => true, [1, 2]);
  for (let times = 0; times < 3; times++) stuck.failed("telling", 2, failure);
  expect(await gauge()).toEqual([2]);
  expect(troubles.get(SUBJECT)).toContain("2 organisations");
  stuck.clear();
  expect(await gauge()).toEqual([]);
  expect(troubles.size).toBe(0);
});
