import { describe, expect, it } from "vitest";
import { LossTally, MOST_LOSSES } from "./loss-tally.ts";

const losses = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ index, at: "/", field: "x", reason: "y" }));

describe("the tally of losses", () => {
  it("keeps the first thousand and counts all", () => {
    const tally = new LossTally();
    for (let batch = 0; batch < 5; batch++) tally.add({ losses: losses(600), untold: 0 });
    expect(tally.told).toHaveLength(MOST_LOSSES);
    expect(tally.inAll).toBe(3_000);
  });

  it("counts what a reader only counted", () => {
    const tally = new LossTally();
    tally.add({ losses: losses(2), untold: 40_000 });
    expect([tally.told.length, tally.inAll]).toEqual([2, 40_002]);
  });
});
