import { describe, expect, it } from "vitest";
import { stateOf } from "./agreement-state.ts";

const at = new Date("2027-01-05T00:00:00Z");
const agreement = { accepted_at: at, ended_at: null, begins: "2027-02-01", ends: "2028-02-01" };

describe("the state of an agreement", () => {
  it("goes by the clock once both have agreed", () => {
    expect(stateOf(agreement, "2027-01-31")).toBe("agreed");
    expect(stateOf(agreement, "2027-02-01")).toBe("in-force");
    expect(stateOf(agreement, "2028-01-31")).toBe("in-force");
    expect(stateOf(agreement, "2028-02-01")).toBe("ended");
    expect(stateOf({ ...agreement, ends: null }, "2099-12-31")).toBe("in-force");
  });

  it("is never in force without the other's word, nor after one of the two ended it", () => {
    expect(stateOf({ ...agreement, accepted_at: null }, "2027-03-01")).toBe("proposed");
    expect(stateOf({ ...agreement, accepted_at: null }, "2028-03-01")).toBe("ended");
    expect(stateOf({ ...agreement, ended_at: at }, "2027-03-01")).toBe("ended");
  });
});
