import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compareTimestamps,
  isMillisecondTimestamp,
  isTimestamp,
  microsFromTimestamp,
  timestampFromDate,
  timestampFromMicros,
} from "./timestamp.ts";

const anyTimestamp = fc
  .tuple(
    fc.date({ min: new Date("1970-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }),
    fc.stringMatching(/^\d{0,9}$/),
  )
  .map(([date, digits]) => `${date.toISOString().slice(0, 19)}${digits === "" ? "" : `.${digits}`}Z`);

test.each([
  "2020-01-02T03:04:05Z",
  "2020-01-02T03:04:05.1Z",
  "2020-02-29T00:00:00.123456789Z",
  "2016-12-31T23:59:60Z",
  "0000-01-01T00:00:00Z",
])("accepts %s", (text) => {
  expect(isTimestamp(text)).toBe(true);
});

test.each([
  "2020-01-02T03:04:05",
  "2020-01-02T03:04:05+00:00",
  "2020-01-02t03:04:05z",
  "2020-01-02 03:04:05Z",
  "2020-01-02T03:04:05.Z",
  "2020-02-30T00:00:00Z",
  "2021-02-29T00:00:00Z",
  "1900-02-29T00:00:00Z",
  "2020-13-01T00:00:00Z",
  "2020-00-01T00:00:00Z",
  "2020-01-00T00:00:00Z",
  "2020-01-01T24:00:00Z",
  "2020-01-01T00:60:00Z",
  "2020-01-01T00:00:61Z",
  "20x0-01-01T00:00:00Z",
  "2020-01-01T00:00:00.1x3Z",
  "",
])("refuses %j", (text) => {
  expect(isTimestamp(text)).toBe(false);
});

test("created and modified need three decimals", () => {
  expect(isMillisecondTimestamp("2020-01-02T03:04:05.00Z")).toBe(false);
  expect(isMillisecondTimestamp("2020-01-02T03:04:05.000Z")).toBe(true);
});

test("compares instants, not text", () => {
  expect(compareTimestamps("2020-01-02T03:04:05.1Z", "2020-01-02T03:04:05.100Z")).toBe(0);
  expect(compareTimestamps("2020-01-02T03:04:05Z", "2020-01-02T03:04:05.0001Z")).toBeLessThan(0);
  expect(compareTimestamps("2020-01-02T03:04:05.1234567Z", "2020-01-02T03:04:05.123456Z")).toBeGreaterThan(0);
  expect(compareTimestamps("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.9Z")).toBeGreaterThan(0);
});

test("comparison is a total order that agrees with microseconds", () => {
  fc.assert(
    fc.property(anyTimestamp, anyTimestamp, anyTimestamp, (a, b, c) => {
      expect(Math.sign(compareTimestamps(a, b))).toBe(-Math.sign(compareTimestamps(b, a)) + 0);
      expect(compareTimestamps(a, a)).toBe(0);
      const [low = "", middle = "", high = ""] = [a, b, c].sort(compareTimestamps);
      expect(compareTimestamps(low, high)).toBeLessThanOrEqual(0);
      expect(microsFromTimestamp(low) <= microsFromTimestamp(middle)).toBe(true);
    }),
  );
});

test("microseconds go there and back", () => {
  expect(timestampFromMicros(1_577_934_245_000_007n)).toBe("2020-01-02T03:04:05.000007Z");
  expect(timestampFromMicros(-1n)).toBe("1969-12-31T23:59:59.999999Z");
  fc.assert(
    fc.property(fc.bigInt(-60_000_000_000_000_000n, 250_000_000_000_000_000n), (micros) => {
      expect(microsFromTimestamp(timestampFromMicros(micros))).toBe(micros);
    }),
  );
});

test("a date is written with three decimals", () => {
  expect(timestampFromDate(new Date(0))).toBe("1970-01-01T00:00:00.000Z");
});

test("what is no timestamp has no microseconds", () => {
  expect(() => microsFromTimestamp("yesterday")).toThrow(RangeError);
});
