import { expect, it } from "vitest";
import { instantOf } from "./instant.ts";

it("tells microseconds, across the ends of seconds, days and years", () => {
  expect(instantOf(0)).toBe("1970-01-01T00:00:00.000000Z");
  expect(instantOf(1_798_761_599_999_999)).toBe("2026-12-31T23:59:59.999999Z");
  expect(instantOf(1_798_761_600_000_000)).toBe("2027-01-01T00:00:00.000000Z");
  expect(instantOf(1_798_761_600_000_042)).toBe("2027-01-01T00:00:00.000042Z");
});
