import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ClockSegment,
  pauseAt,
  resumeAt,
  scenarioTimeAt,
  setSpeedAt,
  startAt,
  wallTimeOf,
} from "./clock.ts";

const START = Date.UTC(2027, 0, 4);

const changes = fc.array(
  fc.record({
    // Now and then the wall clock is set back.
    after: fc.integer({ min: -1_000, max: 100_000 }),
    change: fc.constantFrom("pause", "resume", "speed"),
    speed: fc.constantFrom(0.5, 1, 4, 60, 1000),
  }),
  { maxLength: 12 },
);

const clocks = fc.tuple(fc.constantFrom(1, 4, 60), changes).map(([speed, list]) => {
  let segments = startAt(START, speed);
  let wall = START;
  for (const { after, change, speed: next } of list) {
    wall += after;
    if (change === "pause") segments = pauseAt(segments, wall);
    else if (change === "resume") segments = resumeAt(segments, wall);
    else if (segments.at(-1)!.speed > 0) segments = setSpeedAt(segments, wall, next);
  }
  return segments;
});
const walls = fc.integer({ min: START - 10_000, max: START + 2_000_000 });
const isRunning = (segments: readonly ClockSegment[]) => segments.at(-1)!.speed > 0;

describe("the clock of a drill", () => {
  it("runs at its speed, stands still in a pause, and goes on at the speed before it", () => {
    let segments = startAt(START, 60);
    segments = pauseAt(segments, START + 1_000);
    expect(scenarioTimeAt(segments, START + 500)).toBe(30_000);
    expect(scenarioTimeAt(segments, START + 9_000)).toBe(60_000);
    expect(wallTimeOf(segments, 60_000)).toBe(START + 1_000);
    expect(wallTimeOf(segments, 60_001)).toBeUndefined();
    segments = resumeAt(segments, START + 10_000);
    expect(scenarioTimeAt(segments, START + 11_000)).toBe(120_000);
    expect(wallTimeOf(segments, 120_000)).toBe(START + 11_000);
    segments = setSpeedAt(segments, START + 11_000, 1);
    expect(scenarioTimeAt(segments, START + 12_000)).toBe(121_000);
    expect(segments.map(({ speed }) => speed)).toEqual([60, 0, 60, 1]);
  });

  it("never runs backwards", () => {
    fc.assert(
      fc.property(clocks, walls, walls, (segments, a, b) => {
        const [earlier, later] = a < b ? [a, b] : [b, a];
        expect(scenarioTimeAt(segments, later)).toBeGreaterThanOrEqual(scenarioTimeAt(segments, earlier));
        expect(segments.every((each, i) => i === 0 || each.scenarioMs >= segments[i - 1]!.scenarioMs)).toBe(
          true,
        );
      }),
    );
  });

  it("freezes from a pause on, for however long", () => {
    fc.assert(
      fc.property(clocks, fc.nat(), fc.nat(), (segments, after, long) => {
        const wall = segments.at(-1)!.wallMs + after;
        const frozen = scenarioTimeAt(segments, wall);
        const paused = pauseAt(segments, wall);
        expect(scenarioTimeAt(paused, wall + long)).toBe(frozen);
        const resumed = resumeAt(paused, wall + long);
        expect(scenarioTimeAt(resumed, wall + long)).toBe(frozen);
        expect(scenarioTimeAt(resumed, wall + long + 1)).toBeGreaterThan(frozen);
      }),
    );
  });

  it("finds the first wall time of any scenario time that it has reached or will reach", () => {
    fc.assert(
      fc.property(clocks, walls, (segments, wall) => {
        const scenario = scenarioTimeAt(segments, wall);
        const back = wallTimeOf(segments, scenario);
        expect(back).toBeDefined();
        expect(back!).toBeLessThanOrEqual(Math.max(wall, START) + 0.01);
        expect(Math.abs(scenarioTimeAt(segments, back!) - scenario)).toBeLessThan(1);
      }),
    );
    fc.assert(
      fc.property(clocks, (segments) => {
        expect(wallTimeOf(segments, Number.MAX_SAFE_INTEGER) !== undefined).toBe(isRunning(segments));
      }),
    );
  });

  it("keeps what has passed when it changes", () => {
    fc.assert(
      fc.property(clocks, fc.nat(100_000), walls, (segments, after, before) => {
        const wall = segments.at(-1)!.wallMs + after;
        for (const changed of [pauseAt(segments, wall), resumeAt(segments, wall, 7)]) {
          const then = Math.min(before, wall);
          expect(scenarioTimeAt(changed, then)).toBe(scenarioTimeAt(segments, then));
        }
      }),
    );
  });

  it("pauses once and resumes once", () => {
    const paused = pauseAt(startAt(START, 1), START + 5);
    expect(pauseAt(paused, START + 9)).toEqual(paused);
    const running = resumeAt(paused, START + 10, 4);
    expect(resumeAt(running, START + 11, 9)).toEqual(running);
  });

  it("refuses impossible speeds, a new speed in a pause, and a change before the start", () => {
    for (const speed of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => startAt(START, speed)).toThrow(RangeError);
    }
    expect(() => setSpeedAt(pauseAt(startAt(START, 1), START), START, 2)).toThrow(RangeError);
    expect(() => pauseAt([], START)).toThrow(RangeError);
    expect(scenarioTimeAt([], START)).toBe(0);
    expect(wallTimeOf([], 0)).toBeUndefined();
  });
});
