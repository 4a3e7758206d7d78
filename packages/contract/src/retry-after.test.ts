import { describe, expect, it } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString();

describe("Retry-After", () => {
  it("asks for seconds", () => {
    expect(retryAfterMs("0")).toBe(0);
    expect(retryAfterMs("120")).toBe(120_000);
  });

  it("asks for a date, and for nothing when that is over", () => {
    const wait = retryAfterMs(inSeconds(90));
    expect(wait).toBeGreaterThan(85_000);
    expect(wait).toBeLessThanOrEqual(90_000);
    expect(retryAfterMs(inSeconds(-90))).toBe(0);
  });

  it("is not heeded beyond a day", () => {
    expect(retryAfterMs("9999999999")).toBe(86_400_000);
    expect(retryAfterMs(inSeconds(864_000))).toBe(86_400_000);
  });

  it.each([undefined, null, "", "soon", "-5", ["1", "2"]])("is not %j", (header) => {
    expect(retryAfterMs(header)).toBeUndefined();
  });
});
