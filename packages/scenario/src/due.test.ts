import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DrillEvent, dueInjects, nextDueAt, triggerMatches } from "./due.ts";
import { Scenario } from "./schema.ts";

const MINUTE = 60_000;
const common = { to: ["SG"], from: { role: "bank", via: "email" }, body: { en: "Text" } };
const scenario = Scenario.parse({
  drill: 1,
  id: "8a6c0f3e-5d1b-4c57-9a52-0c7e4b1f2d11",
  title: { en: "Test" },
  tlp: "GREEN",
  duration: "PT2H",
  clock: { speed: 1, min_human: "PT1M" },
  objectives: {},
  participants: { SG: "SingCERT", VN: "VNCERT/CC" },
  injects: [
    { id: "late", at: "PT20M", ...common },
    { id: "early", at: "PT10M", ...common },
    { id: "follow", after: { inject: "early", delay: "PT5M" }, ...common },
    {
      id: "react",
      when: { on: "incident.notified", by: "VN", match: { level: "L4+" } },
      else_at: "PT30M",
      ...common,
    },
    { id: "same", at: "PT10M", ...common },
  ],
});
const notified = (at: number, rest: Partial<DrillEvent> = {}): DrillEvent => ({
  type: "incident.notified",
  by: "VN",
  at,
  fields: { level: "L5" },
  ...rest,
});
const due = (minutes: number, fired: [string, number][] = [], events: DrillEvent[] = []) =>
  dueInjects(scenario, new Map(fired), minutes * MINUTE, events).map(({ inject, cause, lateBy }) => [
    inject.id,
    cause,
    lateBy / MINUTE,
  ]);

describe("the injects that are due", () => {
  it("come in the order of their times, then of the scenario, each with its lateness", () => {
    expect(due(9)).toEqual([]);
    expect(due(10)).toEqual([
      ["early", "at", 0],
      ["same", "at", 0],
    ]);
    expect(due(25)).toEqual([
      ["early", "at", 15],
      ["same", "at", 15],
      ["late", "at", 5],
    ]);
  });

  it("fire once", () => {
    expect(
      due(25, [
        ["early", 10 * MINUTE],
        ["same", 10 * MINUTE],
        ["late", 20 * MINUTE],
        ["follow", 15 * MINUTE],
      ]),
    ).toEqual([]);
  });

  it("follow the moment when the other really fired", () => {
    const fired: [string, number][] = [
      ["early", 17 * MINUTE],
      ["same", 10 * MINUTE],
      ["late", 20 * MINUTE],
    ];
    expect(due(21, fired)).toEqual([]);
    expect(due(23, fired)).toEqual([["follow", "after", 1]]);
  });

  it("answer the first event that matches, or their `else_at`, whichever is earlier", () => {
    expect(due(9, [], [notified(8 * MINUTE), notified(3 * MINUTE)])).toEqual([["react", "when", 6]]);
    expect(due(31).at(-1)).toEqual(["react", "else_at", 1]);
    expect(due(32, [], [notified(31 * MINUTE)]).at(-1)).toEqual(["react", "else_at", 2]);
    expect(due(9, [], [notified(9.5 * MINUTE)])).toEqual([]);
  });

  it("do not answer another player, another event or another value", () => {
    const others = [
      notified(MINUTE, { by: "SG" }),
      notified(MINUTE, { type: "incident.created" }),
      notified(MINUTE, { fields: { level: "L3" } }),
      notified(MINUTE, { fields: {} }),
    ];
    expect(due(9, [], others)).toEqual([]);
  });

  it("all fire in the end, at no time twice, however seldom one looks", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 * MINUTE }), { maxLength: 10 }), (steps) => {
        const fired = new Map<string, number>();
        let now = 0;
        for (const step of [...steps, 120 * MINUTE, 120 * MINUTE]) {
          now += step;
          for (const { inject, dueAt, lateBy } of dueInjects(scenario, fired, now, [])) {
            expect(fired.has(inject.id)).toBe(false);
            expect(dueAt + lateBy).toBe(now);
            expect(lateBy).toBeGreaterThanOrEqual(0);
            fired.set(inject.id, now);
          }
        }
        expect(fired.size).toBe(scenario.injects.length);
      }),
    );
  });
});

describe("the next time that something is due", () => {
  it("is the earliest of those that have not fired", () => {
    expect(nextDueAt(scenario, new Map())).toBe(10 * MINUTE);
    const fired = new Map(
      [
        ["early", 1],
        ["same", 1],
        ["late", 1],
      ].map(([id]) => [String(id), 26 * MINUTE]),
    );
    expect(nextDueAt(scenario, fired)).toBe(30 * MINUTE);
    expect(nextDueAt(scenario, new Map(scenario.injects.map(({ id }) => [id, 0])))).toBeUndefined();
  });
});

describe("a trigger", () => {
  it("finds its value among several, and tells numbers from text", () => {
    const event = notified(0, { fields: { rsit: ["fraud/phishing", "other"], count: 3, flag: true } });
    const on = "incident.notified";
    expect(triggerMatches({ on, match: { rsit: "fraud/phishing", count: 3, flag: true } }, event)).toBe(true);
    expect(triggerMatches({ on, match: { rsit: "fraud" } }, event)).toBe(false);
    expect(triggerMatches({ on, match: { count: "3" } }, event)).toBe(false);
    expect(triggerMatches({ on }, event)).toBe(true);
  });

  it("compares levels only with levels", () => {
    const at = (level: unknown) =>
      triggerMatches({ on: "x", match: { level: "L3+" } }, notified(0, { type: "x", fields: { level } }));
    expect(["L2", "L3", "L5", "L9", 4, undefined].map(at)).toEqual([false, true, true, false, false, false]);
  });
});
