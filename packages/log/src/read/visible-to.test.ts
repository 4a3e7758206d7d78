import { describe, expect, it } from "vitest";
import { visibleTo } from "./visible-to.ts";

const TLPS = ["clear", "green", "amber", "amber+strict", "red"] as const;

describe("visibleTo", () => {
  it.each(TLPS)("hides TLP:%s from whoever is not in the audience", (tlp) => {
    expect(visibleTo({ tlp, producerId: 9, audience: new Set([1, 2]) }, { organisationId: 3 })).toBe(false);
    expect(visibleTo({ tlp, producerId: 9, audience: new Set() }, { organisationId: 1 })).toBe(false);
  });

  it.each(TLPS.filter((tlp) => tlp !== "red"))("shows TLP:%s to each of the audience", (tlp) => {
    for (const organisationId of [1, 2])
      expect(visibleTo({ tlp, producerId: 9, audience: new Set([1, 2]) }, { organisationId })).toBe(true);
  });

  it("hides from whom it was closed to, and from nobody else", () => {
    const entry = { tlp: "green", producerId: 9, audience: new Set([1, 2]), closedTo: new Set([2]) } as const;
    expect(visibleTo(entry, { organisationId: 2 })).toBe(false);
    expect(visibleTo(entry, { organisationId: 1 })).toBe(true);
  });

  it("hides what is over from everybody but its producer", () => {
    const entry = { tlp: "green", producerId: 2, audience: new Set([1, 2]) } as const;
    for (const [endsAt, isOver] of [
      [Date.now(), true],
      [Date.now() + 60_000, false],
    ] as const) {
      expect(visibleTo({ ...entry, endsAt }, { organisationId: 1 })).toBe(!isOver);
      expect(visibleTo({ ...entry, endsAt }, { organisationId: 2 })).toBe(true);
    }
  });

  it("never shows TLP:RED in a stream, whoever is named", () => {
    expect(visibleTo({ tlp: "red", producerId: 9, audience: new Set([1]) }, { organisationId: 1 })).toBe(
      false,
    );
  });
});
