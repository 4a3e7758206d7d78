import { describe, expect, it } from "vitest";
import { FIRST_RELEASE_PAGE } from "../store/outcome.ts";
import type { StagedPlace } from "../store/staged.ts";
import { portionsOf } from "./portions.ts";
import { WHOLE } from "./settle-outcomes.ts";

const place = (portion: number, page: number, outcomes: number): StagedPlace => ({
  portion,
  phase: 1,
  page,
  objects: 1,
  outcomes,
});

describe("portionsOf", () => {
  it("is one whole where nothing, or one portion, is staged", () => {
    expect(portionsOf([])).toEqual([
      { places: [], from: 0, to: 0, isLast: true, isAlone: true, outcomes: WHOLE },
    ]);
    expect(portionsOf([place(0, 0, 0), place(0, 1, 0)])).toMatchObject([
      { from: 0, to: 2, isLast: true, isAlone: true, outcomes: WHOLE },
    ]);
  });

  it("cuts places and pages of outcomes without a gap", () => {
    const [first, second] = portionsOf([place(0, 0, 0), place(0, 1, 0), place(1, 2, 40)]);
    expect(first).toMatchObject({
      ...{ from: 0, to: 2, isLast: false, isAlone: false },
      outcomes: {
        staging: { from: 0, to: 40 },
        release: { from: FIRST_RELEASE_PAGE, to: FIRST_RELEASE_PAGE + 2 },
      },
    });
    expect(second).toMatchObject({
      ...{ from: 2, to: 3, isLast: true, isAlone: false },
      outcomes: {
        staging: { from: 40, to: FIRST_RELEASE_PAGE },
        release: { from: FIRST_RELEASE_PAGE + 2, to: WHOLE.release.to },
      },
    });
  });
});
