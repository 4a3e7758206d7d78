import { TaxiiFault } from "@suar/taxii";
import { expect, it } from "vitest";
import { dueAgain, type EventTrouble, eventFault, toldTroubles } from "./feed-troubles.ts";
import { SourceFault } from "./source-fault.ts";

const at = (minutes: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minutes));
const fault = { code: "not-found", detail: "gone" };
const tell = (before: readonly EventTrouble[], isRetry: boolean, minutes: number, ...events: string[]) =>
  toldTroubles(before, new Map(events.map((event) => [event, { fault, isRetry }])), at(minutes));

it("tells what could not be taken until it is, with how often it was tried", () => {
  const first = tell([], false, 0, "a", "b");
  expect(first.map(({ event, tries }) => [event, tries])).toEqual([
    ["b", 1],
    ["a", 1],
  ]);
  const again = tell(first, true, 5, "a");
  expect(again[0]).toEqual({ event: "a", ...fault, tries: 2, at: at(5).toISOString() });
  expect(again).toHaveLength(2);
  // Another entry in the manifest is another event to try.
  expect(tell(again, false, 6, "a")[0]?.tries).toBe(1);
  const taken = toldTroubles(again, new Map([["a", { fault: undefined, isRetry: true }]]), at(7));
  expect(taken.map(({ event }) => event)).toEqual(["b"]);
});

it("tells fifty at most, the latest", () => {
  const many = Array.from({ length: 80 }, (_, n) => `event-${n}`);
  const told = tell(tell([], false, 0, "old"), false, 1, ...many);
  expect(told).toHaveLength(50);
  expect(told[0]?.event).toBe("event-79");
});

it("asks again at the next look, and then ever more seldom", () => {
  const first = tell([], false, 0, "a");
  expect(dueAgain(first, at(0))).toEqual(["a"]);
  const second = tell(first, true, 0, "a");
  expect(dueAgain(second, at(9))).toEqual([]);
  expect(dueAgain(second, at(10))).toEqual(["a"]);
  const last = { ...(second[0] as EventTrouble), tries: 1_000 };
  expect(dueAgain([last], at(359))).toEqual([]);
  expect(dueAgain([last], at(360))).toEqual(["a"]);
});

it("takes for an event's own what is not the feed's", () => {
  expect(eventFault(new TaxiiFault("not-found", "x"))).toEqual({ code: "not-found", detail: "x" });
  expect(eventFault(new SourceFault("not-an-event", "y".repeat(1_000)))?.detail).toHaveLength(300);
  expect(eventFault(new TaxiiFault("unauthorized", "x"))).toBeUndefined();
  expect(eventFault(new TaxiiFault("busy", "x"))).toBeUndefined();
  expect(eventFault(new Error("ours"))).toBeUndefined();
});
