import { expect, it } from "vitest";
import { timestampFromText } from "./timestamp-text.ts";

it.each([
  ["2026-03-01", "2026-03-01T00:00:00.000Z"],
  ["2026/3/1", "2026-03-01T00:00:00.000Z"],
  ["2026-03-01 09:30", "2026-03-01T09:30:00.000Z"],
  ["2026-03-01T09:30:00+08:00", "2026-03-01T01:30:00.000Z"],
  ["2026-03-01 09:30:15.25 UTC", "2026-03-01T09:30:15.250Z"],
  ["1767225600", "2026-01-01T00:00:00.000Z"],
  ["1767225600000", "2026-01-01T00:00:00.000Z"],
  ["01/03/2026", undefined],
  ["2026-02-30", undefined],
  ["2026-03-01 25:00", undefined],
  ["yesterday", undefined],
])("reads %s as %s", (text, timestamp) => {
  expect(timestampFromText(text)).toBe(timestamp);
});
