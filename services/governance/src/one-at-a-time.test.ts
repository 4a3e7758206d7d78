import { expect, test } from "vitest";
import { OneAtATime } from "./one-at-a-time.ts";

test("everybody has one under way, and all together a few", () => {
  const running = new OneAtATime(2);
  const first = running.begin("SG");
  expect(() => running.begin("SG")).toThrow(expect.objectContaining({ code: "in-progress" }));
  running.begin("MY");
  expect(() => running.begin("TH")).toThrow(expect.objectContaining({ code: "in-progress" }));
  first.end();
  running.begin("SG");
});

test("what whoever asked leaves is ended, and a stop ends all of it with its reason", () => {
  const running = new OneAtATime(2);
  const [left, stays] = [running.begin("SG"), running.begin("MY")];
  left.leave();
  expect([left.signal.aborted, stays.signal.aborted]).toEqual([true, false]);
  running.stop();
  expect(stays.signal.reason).toMatchObject({ code: "unavailable" });
});
