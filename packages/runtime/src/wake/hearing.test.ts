import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchHearing } from "./hearing.ts";

const EVERY = 1_000;
let heard: { jobs: number | Error; begun: number; underWay: number };
let again: number;
let watch: { stop(): void };

beforeEach(() => {
  vi.useFakeTimers();
  heard = { jobs: 0, begun: 0, underWay: 0 };
  again = 0;
  const waiting = async (): Promise<number> => {
    if (heard.jobs instanceof Error) throw heard.jobs;
    return heard.jobs;
  };
  const asked = { waiting, begun: () => heard.begun, underWay: () => heard.underWay };
  watch = watchHearing(asked, () => again++, EVERY);
});
afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

const looks = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n++) await vi.advanceTimersByTimeAsync(EVERY);
};

test("a worker that begins nothing while jobs wait is begun anew, after two looks", async () => {
  heard.jobs = 1;
  await looks(1);
  expect(again).toBe(0);
  await looks(1);
  expect(again).toBe(1);
  heard.jobs = 0;
  await looks(5);
  expect(again).toBe(1);
});

test("one that has work, takes some, has none to take, or cannot be asked about is left alone", async () => {
  heard = { jobs: 9, begun: 3, underWay: 1 };
  await looks(5);
  heard.underWay = 0;
  for (let n = 0; n < 5; n++) {
    heard.begun += 1;
    await looks(1);
  }
  heard.jobs = 0;
  await looks(5);
  heard.jobs = new Error("the database is away");
  await looks(5);
  expect(again).toBe(0);
});

test("nothing is looked at once it is stopped", async () => {
  watch.stop();
  heard.jobs = 1;
  await looks(5);
  expect(again).toBe(0);
});
